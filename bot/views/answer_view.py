"""An answer as a message: text in a container, and the buttons that change its depth in place."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import ui

from bot.answer import Answer
from bot.language import gettext as _
from bot.markup import unescape
from bot.rendering import Card, answer_cards, sources_cards
from bot.views.custom_ids import Action, ButtonState, slug_key, slug_keys
from index.levels import Level

# Component ids by which a message of ours is read again after a restart.
QUESTION_ID = 101
_PREFIX = "-# "
_COLOURS = {
    Level.BASIC: discord.Colour(0x4FB286),
    Level.INTERMEDIATE: discord.Colour(0x3E7CB1),
    Level.ADVANCED: discord.Colour(0x8A5FBF),
}
_NO_ANSWER = discord.Colour(0x8D99AE)
_MAX_LABEL = 80


def answer_view(answer: Answer, user: int) -> ui.LayoutView:
    """Return an answer with its buttons; without an answer, the nearest topics as buttons."""
    cards = answer_cards(answer)
    if answer.concept is None:
        return _layout(cards, [_NO_ANSWER], _topic_buttons(answer, user))
    return _layout(cards, _colours(answer), _depth_buttons(answer, user, sources=False))


def sources_view(answer: Answer, user: int) -> ui.LayoutView:
    """Return an answer's sources, with the way back to the answer."""
    return _layout(sources_cards(answer), _colours(answer), _depth_buttons(answer, user, sources=True))


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
            # Whatever language "You asked" is in: the question stands behind the first colon.
            _label, found, question = content.partition(": ")
            return unescape(question) if found and content.startswith(_PREFIX) else ""
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


def _colours(answer: Answer) -> list[discord.Colour]:
    return [_COLOURS[side.level] for side in answer.sides]


def _layout(
    cards: Sequence[Card], colours: Sequence[discord.Colour], buttons: list[ui.Button[ui.LayoutView]]
) -> ui.LayoutView:
    """Return a message with a container for each card; buttons stand in a lone one, else below all of them."""
    view = ui.LayoutView(timeout=None)
    containers = [_container(card, colour) for card, colour in zip(cards, colours, strict=True)]
    for container in containers:
        view.add_item(container)
    if buttons:
        (containers[0] if len(containers) == 1 else view).add_item(ui.ActionRow(*buttons))
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


def _depth_buttons(answer: Answer, user: int, *, sources: bool) -> list[ui.Button[ui.LayoutView]]:
    concept = answer.concept
    if concept is None:
        return []
    other = answer.beside.concept if answer.beside is not None else None
    key, beside = slug_keys(concept.slug, other.slug) if other is not None else (slug_key(concept.slug), "")
    lang = answer.question.lang
    buttons: list[ui.Button[ui.LayoutView]] = []
    here = _shown(answer)
    if sources:
        back = ButtonState(Action.SHOW, here, lang, user, key, beside)
        return [ui.Button(label=_("Back to the answer"), custom_id=str(back), style=discord.ButtonStyle.primary)]
    for label, direction, end in ((_("Simpler"), -1, Level.BASIC), (_("Deeper"), 1, Level.ADVANCED)):
        level = _step(answer, direction)
        # Where there is no further depth the button stays in its place, so that nobody presses the wrong one.
        state = (
            ButtonState(Action.SHOW, level, lang, user, key, beside)
            if level
            else ButtonState(Action.NONE, end, lang, user, key, beside)
        )
        style = discord.ButtonStyle.primary if level else discord.ButtonStyle.secondary
        buttons.append(ui.Button(label=label, custom_id=str(state), style=style, disabled=level is None))
    state = ButtonState(Action.SOURCES, here, lang, user, key, beside)
    label = f"{_('Sources')} ({len(answer.all_sources)})" if answer.all_sources else _("Sources")
    buttons.append(ui.Button(label=label, custom_id=str(state), style=discord.ButtonStyle.secondary))
    return buttons


def _step(answer: Answer, direction: int) -> Level | None:
    """Return the next depth in a direction that a page shown has, or None."""
    here = _shown(answer).depth
    levels = {level for side in answer.sides if side.concept for level in side.concept.levels}
    beyond = [level for level in levels if (level.depth - here) * direction > 0]
    return min(beyond, key=lambda level: abs(level.depth - here), default=None)


def _shown(answer: Answer) -> Level:
    """Return the depth that the buttons start from: the one asked for, if any page shown has it."""
    asked = answer.question.level
    return asked if any(side.level is asked for side in answer.sides) else answer.level


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
