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

_TITLE = 80


def summary_lines(concepts: Sequence[Concept], room: int) -> str:
    """Return a line each: the title, and the summary cut to fit into `room` characters together."""
    share = max(_TITLE, room // max(1, len(concepts)) - _TITLE)
    return "\n".join(
        # Without its links: a summary that has to be cut must not be cut inside one.
        f"- **{escape(shorten(concept.title, _TITLE))}**: {shorten(discord_text(plain_text(concept.summary)), share)}"
        for concept in concepts
    )


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
