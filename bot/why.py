"""Finding out, for an answer that was given, why it is what it is."""

from __future__ import annotations

from discord import ui

from bot.answer import Question
from bot.reasons import Reasons
from bot.services import Services
from bot.views.custom_ids import ButtonState, slug_of_key
from bot.views.why_view import why_view


async def why(services: Services, state: ButtonState, question: str, turns: tuple[str, ...] = ()) -> ui.LayoutView:
    """Return the reasons for an answer as a message.

    Args:
        services: what the bot is made of.
        state: what the answer's buttons know.
        question: the question that it shows; empty for a page that was opened without one.
        turns: what was asked before it.

    Raises:
        NotReadyError: there is no generation yet.
    """
    answers = services.answers
    generation = answers.generation
    slug = slug_of_key(state.slug_key, generation.rows_of_concept)
    shown = generation.concept(slug, state.lang) if slug is not None else None
    text = question or (shown.title if shown is not None else "")
    found = await answers.explain(Question(text, state.level, turns, state.lang))
    return why_view(Reasons(found, shown, state.level, state.choice, answers.threshold), generation)
