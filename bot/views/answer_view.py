"""An answer as a message: text in a container, and the buttons that change its depth in place."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import ui

from bot.answer import Answer
from bot.markup import unescape
from bot.rendering import Card, answer_cards, sources_cards
from bot.views.answer_rows import AS_ASKED, Row, Shown, answer_rows, sources_rows, topic_rows
from bot.views.custom_ids import Action, ButtonState
from index.levels import Level

# Component ids by which a message of ours is read again after a restart.
QUESTION_ID = 101
_PREFIX = "-# "
COLOURS = {
    Level.BASIC: discord.Colour(0x4FB286),
    Level.INTERMEDIATE: discord.Colour(0x3E7CB1),
    Level.ADVANCED: discord.Colour(0x8A5FBF),
}
_ABOUT_WHAT_IS_SHOWN = {Action.FEEDBACK, Action.BACK, Action.WHY}
NO_ANSWER = discord.Colour(0x8D99AE)


def answer_view(answer: Answer, user: int, shown: Shown = AS_ASKED) -> ui.LayoutView:
    """Return an answer with its buttons; without an answer, the nearest topics as buttons."""
    cards = answer_cards(answer, page=shown.page, notes=shown.notes)
    if answer.concept is None:
        return _layout_all(cards, [NO_ANSWER], topic_rows(answer, user, shown))
    return _layout_all(cards, _colours(answer), answer_rows(answer, user, shown, cards[0]))


def sources_view(answer: Answer, user: int, shown: Shown = AS_ASKED) -> ui.LayoutView:
    """Return an answer's sources, with the way back to the answer."""
    cards = sources_cards(answer, page=shown.page, notes=shown.notes)
    return _layout_all(cards, _colours(answer), sources_rows(answer, user, shown, cards[0]))


def notice_view(text: str) -> ui.LayoutView:
    """Return a short message in the same dress as an answer."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(text), accent_colour=NO_ANSWER))
    view.stop()
    return view


def question_of(message: discord.Message | None) -> str:
    """Return the question that a message of ours answers; empty when it shows none."""
    line = question_line_of(message)
    # Whatever language "You asked" is in: the question stands behind the first colon.
    _label, found, question = line.partition(": ")
    return unescape(question) if found and line.startswith(_PREFIX) else ""


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


def _colours(answer: Answer) -> list[discord.Colour]:
    return [COLOURS[side.level] for side in answer.sides]


def layout(card: Card, colour: discord.Colour, rows: Sequence[Row]) -> ui.LayoutView:
    """Return a card as a message, with rows of buttons below it."""
    return _layout_all([card], [colour], rows)


def _layout_all(cards: Sequence[Card], colours: Sequence[discord.Colour], rows: Sequence[Row]) -> ui.LayoutView:
    """Return a message with a container for each card; buttons stand in a lone one, else below all of them."""
    view = ui.LayoutView(timeout=None)
    containers = [_container(card, colour) for card, colour in zip(cards, colours, strict=True)]
    for container in containers:
        view.add_item(container)
    below = containers[0] if len(containers) == 1 else view
    for row in rows:
        if row:
            below.add_item(ui.ActionRow(*row))
    # What is pressed is answered by `AnswerButton`, whichever message it stands in: discord.py need not keep this.
    view.stop()
    return view


def _container(card: Card, colour: discord.Colour) -> ui.Container[ui.LayoutView]:
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
    return container
