"""What lies around an answer's page: what to understand first, what is related, what builds on it."""

from __future__ import annotations

from dataclasses import replace

from discord import ui

from bot.answer import Answer
from bot.language import gettext as _
from bot.neighbours import Neighbours
from bot.rendering import MAX_TEXT, Card, answer_card
from bot.views.answer_rows import Row, Shown, button, state_for
from bot.views.answer_view import COLOURS, layout
from bot.views.concept_list import open_buttons, summary_lines
from bot.views.custom_ids import Action

_ROOM = MAX_TEXT - 700


def related_view(answer: Answer, around: Neighbours, user: int, shown: Shown) -> ui.LayoutView:
    """Return the neighbours of an answer's page with a button each, and the way back."""
    card = answer_card(answer)
    heading = card.heading.rsplit("\n", 1)[0] + f"\n-# {_('Related')}"
    blocks: list[str] = []
    rows: list[Row] = []
    groups = (
        (_("To understand first"), around.before),
        (_("Related"), around.related),
        (_("Builds on this"), around.after),
    )
    most = max(1, sum(len(concepts) for _title, concepts in groups))
    for title, concepts in groups:
        if concepts:
            blocks.append(f"**{title}**\n{summary_lines(concepts, _ROOM * len(concepts) // most)}")
            rows += open_buttons(concepts, answer.question.level, answer.question.lang, user)
    back = replace(state_for(answer, user, shown), action=Action.BACK)
    rows.append([button(_("Back to the answer"), back, primary=True)])
    text = (*shown.notes, *(blocks or [_("This page names no neighbours yet.")]))
    return layout(Card(heading, card.question, text, ""), COLOURS[answer.level], rows)
