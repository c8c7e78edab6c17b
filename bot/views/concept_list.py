"""Concepts with their one-sentence summaries, and a button to open each."""

from __future__ import annotations

from collections.abc import Sequence

from bot.depth_choice import Choice
from bot.markup import discord_text, escape, shorten
from bot.views.answer_rows import MAX_ROW, Row, button
from bot.views.custom_ids import Action, ButtonState, slug_key
from index.generation import Concept
from index.levels import Level
from index.plain import plain_text

_TITLE = 60
_MARKS = 10
# A summary cut shorter than this says nothing.
_SHORTEST = 40


def summary_lines(concepts: Sequence[Concept], room: int) -> str:
    """Return a line each: the title, and as much of the summary as fits into `room` characters for all of them."""
    return "\n".join(_line(concept, room // len(concepts)) for concept in concepts)


def _line(concept: Concept, room: int) -> str:
    title = f"- **{escape(shorten(concept.title, _TITLE))}**"
    left = room - len(title) - _MARKS
    # Without its links: a summary that has to be cut must not be cut inside one.
    summary = discord_text(plain_text(concept.summary))
    return f"{title}: {shorten(summary, left)}" if summary and left >= _SHORTEST else title


def open_buttons(concepts: Sequence[Concept], level: Level, lang: str, user: int) -> list[Row]:
    """Return a button for each concept, five in a row.

    Args:
        concepts: each opens for its own sake, not as the answer to a question.
        level: at which depth.
        lang: in which language.
        user: whose message the buttons change in place; 0 for a copy of their own for whoever presses.
    """
    buttons = [
        button(
            concept.title,
            ButtonState(Action.OPEN, level, lang, user, slug_key(concept.slug), choice=Choice.DEFAULT),
        )
        for concept in concepts
    ]
    return [buttons[start : start + MAX_ROW] for start in range(0, len(buttons), MAX_ROW)]
