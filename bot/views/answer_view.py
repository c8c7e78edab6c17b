"""An answer as a message: text in a container, and the buttons that change its depth in place."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import ui

from bot.answer import Answer
from bot.markup import unescape
from bot.rendering import Card, answer_card, sources_card
from bot.views.answer_rows import AS_ASKED, Row, Shown, answer_rows, sources_rows, topic_rows
from bot.views.custom_ids import Action, ButtonState
from index.levels import Level

# Component ids by which a message of ours is read again after a restart.
QUESTION_ID = 101
_PREFIX = "-# You asked: "
COLOURS = {
    Level.BASIC: discord.Colour(0x4FB286),
    Level.INTERMEDIATE: discord.Colour(0x3E7CB1),
    Level.ADVANCED: discord.Colour(0x8A5FBF),
}
_ABOUT_WHAT_IS_SHOWN = {Action.FEEDBACK, Action.BACK, Action.WHY}
NO_ANSWER = discord.Colour(0x8D99AE)


def answer_view(answer: Answer, user: int, shown: Shown = AS_ASKED) -> ui.LayoutView:
    """Return an answer with its buttons; without an answer, the nearest topics as buttons."""
    if answer.concept is None:
        return layout(answer_card(answer, notes=shown.notes), NO_ANSWER, topic_rows(answer, user, shown))
    card = answer_card(answer, page=shown.page, notes=shown.notes)
    return layout(card, COLOURS[answer.level], answer_rows(answer, user, shown, card))


def sources_view(answer: Answer, user: int, shown: Shown = AS_ASKED) -> ui.LayoutView:
    """Return an answer's sources, with the way back to the answer."""
    card = sources_card(answer, page=shown.page, notes=shown.notes)
    return layout(card, COLOURS[answer.level], sources_rows(answer, user, shown, card))


def notice_view(text: str) -> ui.LayoutView:
    """Return a short message in the same dress as an answer."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(text), accent_colour=NO_ANSWER))
    return view


def question_of(message: discord.Message | None) -> str:
    """Return the question that a message of ours answers; empty when it shows none."""
    line = question_line_of(message)
    return unescape(line.removeprefix(_PREFIX)) if line.startswith(_PREFIX) else ""


def question_line_of(message: discord.Message | None) -> str:
    """Return the line of a message of ours that shows the question, as it stands there; empty without one."""
    for component in _walk(message.components if message is not None else []):
        if isinstance(component, discord.TextDisplay) and component.id == QUESTION_ID:
            return component.content
    return ""


def state_of(message: discord.Message | None) -> ButtonState | None:
    """Return what the buttons of a message of ours know about the answer it shows; None for any other message."""
    ids = [getattr(component, "custom_id", None) for component in _walk(message.components if message else [])]
    states = [state for item in ids if isinstance(item, str) and (state := ButtonState.parse(item))]
    # Simpler and Deeper know what will be shown, these what is.
    return next((state for state in states if state.action in _ABOUT_WHAT_IS_SHOWN), next(iter(states), None))


def _walk(components: list[discord.Component] | object) -> list[discord.Component]:
    found: list[discord.Component] = []
    for component in components if isinstance(components, list) else []:
        found.append(component)
        found += _walk(list(getattr(component, "children", None) or []))
    return found


def layout(card: Card, colour: discord.Colour, rows: Sequence[Row]) -> ui.LayoutView:
    """Return a card as a message, with rows of buttons below it."""
    container: ui.Container[ui.LayoutView] = ui.Container(accent_colour=colour)
    container.add_item(ui.TextDisplay(card.heading))
    if card.question:
        container.add_item(ui.TextDisplay(card.question, id=QUESTION_ID))
    container.add_item(ui.Separator())
    for block in card.blocks:
        container.add_item(ui.TextDisplay(block))
    if card.footer:
        container.add_item(ui.Separator(visible=False))
        container.add_item(ui.TextDisplay(card.footer))
    for row in rows:
        if row:
            container.add_item(ui.ActionRow(*row))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    return view
