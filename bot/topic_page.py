"""A page that somebody opens for its own sake, at their own level."""

from __future__ import annotations

import time

from bot.answer import Question
from bot.answering import Given
from bot.depth import depth_for
from bot.language import spoken
from bot.services import Services
from bot.views.answer_rows import Shown
from bot.views.answer_view import answer_view
from bot.where import Place


async def topic_page(services: Services, user_id: int, place: Place, slug: str, *, private: bool) -> Given | None:
    """Return a concept's page as a message, to be counted once it was sent; None if the library has it no more.

    Args:
        services: what the bot is made of.
        user_id: who opens it.
        place: where.
        slug: the concept.
        private: whether only they will see it.

    Raises:
        NotReadyError: there is no generation yet.
    """
    started = time.perf_counter()
    depth = await depth_for(services, user_id, place.server)
    answer = await services.answers.show(slug, Question("", depth.level, lang=spoken()))
    if answer is None:
        return None
    notes = (place.hint,) if place.hint and not private else ()
    shown = Shown(choice=depth.choice, thread=place.offers_thread and not private, notes=notes)
    return Given(answer_view(answer, user_id, shown), answer, (time.perf_counter() - started) * 1000)
