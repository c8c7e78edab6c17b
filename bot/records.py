"""Counting answers and keeping questions asked in vain; an answer never waits for this, and never fails by it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable

from bot.answer import Answer, Outcome
from bot.explainer import clean_question
from bot.services import Services
from bot.storage.database import DATABASE_ERRORS
from bot.storage.gaps import GapKind
from bot.watching.arrival import seconds_since_arrival
from bot.watching.observer import Stage, result_of
from index.levels import Level

_log = logging.getLogger(__name__)
_SECONDS = 10.0
_PERSON = re.compile(r"<@[!&]?\d+>")


async def kept(writing: Awaitable[object]) -> bool:
    """Wait for something to be written; say whether it was, and log what prevented it."""
    try:
        async with asyncio.timeout(_SECONDS):
            await writing
    except DATABASE_ERRORS as error:
        _log.warning("the database cannot be written (%s); something is not counted", type(error).__name__)
        return False
    return True


async def note_answer(services: Services, how: str, answer: Answer, milliseconds: float) -> None:
    """Count an answer that was given, and keep its question if the library could not answer it.

    Args:
        services: what the bot is made of.
        how: where it was asked: `ask`, `mention`, `direct`, `thread`, `menu`, `button`, `topics`, `path`.
        answer: what was shown.
        milliseconds: from the question to the answer.
    """
    observer, since_arrival = services.answers.observer, seconds_since_arrival()
    observer.answered(result_of(answer), answer.level)
    observer.stage(Stage.WHOLE, milliseconds / 1000 if since_arrival is None else since_arrival)
    slug = answer.concept.slug if answer.concept is not None else None
    await kept(services.stores.served.note(how, slug, answer.level, answer.confidence, milliseconds))
    kind = gap_of(answer, chosen_page=how == "button")
    if kind is None or not services.settings.answers.gap_log:
        return
    question = answer.question
    text = without_people(question.text)
    await kept(services.stores.gaps.note(kind, text, question.level, question.lang, slug))


def without_people(question: str) -> str:
    """Return a question without the people, roles and so on that it mentions."""
    return clean_question(_PERSON.sub(" ", question))


def gap_of(answer: Answer, *, chosen_page: bool) -> GapKind | None:
    """Return what an answer lacks: the topic, or the depth that was asked for; None when it lacks nothing.

    Args:
        answer: the answer.
        chosen_page: whether somebody chose page and depth with a button, rather than asking.
    """
    if answer.outcome is Outcome.NOT_COVERED and not chosen_page:
        return GapKind.NOT_COVERED
    if answer.concept is None:
        return None
    without_summaries = answer.level is Level.ADVANCED and not any(source.summarised for source in answer.sources)
    return GapKind.DEPTH_MISSING if answer.level_missing or without_summaries else None
