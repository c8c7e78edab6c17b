"""An answer as a message: text in a container, and the buttons that change its depth in place."""

from __future__ import annotations

import discord
from discord import ui

from bot.answer import Answer
from bot.markup import unescape
from bot.rendering import Card, answer_card, sources_card
from bot.views.custom_ids import Action, ButtonState, slug_key
from index.levels import Level

# Component ids by which a message of ours is read again after a restart.
QUESTION_ID = 101
_PREFIX = "-# You asked: "
_COLOURS = {
    Level.BASIC: discord.Colour(0x4FB286),
    Level.INTERMEDIATE: discord.Colour(0x3E7CB1),
    Level.ADVANCED: discord.Colour(0x8A5FBF),
}
_NO_ANSWER = discord.Colour(0x8D99AE)
_MAX_LABEL = 80


def answer_view(answer: Answer, user: int) -> ui.LayoutView:
    """Return an answer with its buttons; without an answer, the nearest topics as buttons."""
    card = answer_card(answer)
    if answer.concept is None:
        return _layout(card, _NO_ANSWER, _topic_buttons(answer, user))
    return _layout(card, _COLOURS[answer.level], _depth_buttons(answer, user, sources=False))


def sources_view(answer: Answer, user: int) -> ui.LayoutView:
    """Return an answer's sources, with the way back to the answer."""
    return _layout(sources_card(answer), _COLOURS[answer.level], _depth_buttons(answer, user, sources=True))


def notice_view(text: str) -> ui.LayoutView:
    """Return a short message in the same dress as an answer."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(text), accent_colour=_NO_ANSWER))
    return view


def question_of(message: discord.Message | None) -> str:
    """Return the question that a message of ours answers; empty when it shows none."""
    for component in _walk(message.components if message is not None else []):
        if isinstance(component, discord.TextDisplay) and component.id == QUESTION_ID:
            content = component.content
            return unescape(content.removeprefix(_PREFIX)) if content.startswith(_PREFIX) else ""
    return ""


def state_of(message: discord.Message | None) -> ButtonState | None:
    """Return what the first button of a message of ours knows; None for any other message."""
    for component in _walk(message.components if message is not None else []):
        custom_id = getattr(component, "custom_id", None)
        if isinstance(custom_id, str) and (state := ButtonState.parse(custom_id)):
            return state
    return None


def _walk(components: list[discord.Component] | object) -> list[discord.Component]:
    found: list[discord.Component] = []
    for component in components if isinstance(components, list) else []:
        found.append(component)
        found += _walk(list(getattr(component, "children", None) or []))
    return found


def _layout(card: Card, colour: discord.Colour, buttons: list[ui.Button[ui.LayoutView]]) -> ui.LayoutView:
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
    if buttons:
        container.add_item(ui.ActionRow(*buttons))
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    # Its buttons carry all they need and are answered by `AnswerButton`; discord.py would otherwise keep every
    # view that was ever sent, to listen for presses.
    view.stop()
    return view


def _depth_buttons(answer: Answer, user: int, *, sources: bool) -> list[ui.Button[ui.LayoutView]]:
    concept = answer.concept
    if concept is None:
        return []
    key = slug_key(concept.slug)
    lang = answer.question.lang
    buttons: list[ui.Button[ui.LayoutView]] = []
    if sources:
        back = ButtonState(Action.SHOW, answer.level, lang, user, key)
        return [ui.Button(label="Back to the answer", custom_id=str(back), style=discord.ButtonStyle.primary)]
    for label, direction, end in (("Simpler", -1, Level.BASIC), ("Deeper", 1, Level.ADVANCED)):
        level = _step(answer, direction)
        # Where there is no further depth the button stays in its place, so that nobody presses the wrong one.
        state = (
            ButtonState(Action.SHOW, level, lang, user, key)
            if level
            else ButtonState(Action.NONE, end, lang, user, key)
        )
        style = discord.ButtonStyle.primary if level else discord.ButtonStyle.secondary
        buttons.append(ui.Button(label=label, custom_id=str(state), style=style, disabled=level is None))
    state = ButtonState(Action.SOURCES, answer.level, lang, user, key)
    label = f"Sources ({len(answer.sources)})" if answer.sources else "Sources"
    buttons.append(ui.Button(label=label, custom_id=str(state), style=discord.ButtonStyle.secondary))
    return buttons


def _step(answer: Answer, direction: int) -> Level | None:
    """Return the next depth that the page has in a direction, or None."""
    concept = answer.concept
    levels = sorted(concept.levels, key=lambda level: level.depth) if concept else []
    beyond = [level for level in levels if (level.depth - answer.level.depth) * direction > 0]
    return min(beyond, key=lambda level: abs(level.depth - answer.level.depth), default=None)


def _topic_buttons(answer: Answer, user: int) -> list[ui.Button[ui.LayoutView]]:
    return [
        ui.Button(
            label=topic.title[:_MAX_LABEL],
            custom_id=str(
                ButtonState(Action.TOPIC, answer.question.level, answer.question.lang, user, slug_key(topic.slug))
            ),
            style=discord.ButtonStyle.secondary,
        )
        for topic in answer.related
    ]
