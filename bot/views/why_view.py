"""The reasons for an answer, as a private message."""

from __future__ import annotations

from discord import ui

from bot.language import gettext as _
from bot.markup import shorten
from bot.reasons import Reasons, reasons_text
from bot.rendering import MAX_TEXT, Card, answer_card
from bot.views.answer_view import NO_ANSWER, layout
from index.generation import Generation

_ROOM = MAX_TEXT - 600


def why_view(reasons: Reasons, generation: Generation) -> ui.LayoutView:
    """Return why an answer is what it is."""
    question = answer_card(reasons.answer).question
    title = _("Why this answer") if reasons.shown is not None else _("Why there is no answer")
    text = shorten(reasons_text(reasons, generation), _ROOM)
    return layout(Card(f"## {title}", question, (text,), ""), NO_ANSWER, ())
