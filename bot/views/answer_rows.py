"""The rows of buttons under an answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

import discord
from discord import ui

from bot.answer import Answer
from bot.depth_choice import Choice
from bot.language import gettext as _
from bot.rendering import Card
from bot.views.custom_ids import NO_SLUG, Action, ButtonState, slug_key, slug_keys
from index.levels import Level

Row = list[ui.Button[ui.LayoutView]]
MAX_LABEL = 80
MAX_ROW = 5
# Two digits are what a button has room for; no page of a library comes near.
_MOST_PAGES = 99


@dataclass(frozen=True, slots=True)
class Shown:
    """How an answer is shown, beside what it says.

    Attributes:
        choice: who chose its depth.
        page: which page of the whole text, from 1; 0 for the passages that fit best.
        thread: whether to offer a thread to go on in.
        offer_level: whether to offer to make its level the member's own.
        notes: what to say above it.
    """

    choice: Choice = Choice.DEFAULT
    page: int = 0
    thread: bool = False
    offer_level: bool = False
    notes: tuple[str, ...] = ()


AS_ASKED = Shown()


def answer_rows(answer: Answer, user: int, shown: Shown, card: Card) -> list[Row]:
    """Return the buttons of an answer: what everybody needs in the first row, what goes further in the second."""
    state = state_for(answer, user, shown)
    return [_first_row(answer, state), _second_row(shown, state, card)]


def sources_rows(answer: Answer, user: int, shown: Shown, card: Card) -> list[Row]:
    """Return the buttons of a list of sources: the way back, and its other pages."""
    state = state_for(answer, user, shown)
    back = button(_("Back to the answer"), replace(state, action=Action.BACK), primary=True)
    return [[back, *_turn(replace(state, action=Action.SOURCES), card)]]


def topic_rows(answer: Answer, user: int, shown: Shown = AS_ASKED) -> list[Row]:
    """Return the nearest topics as buttons, and why there is no answer."""
    state = state_for(answer, user, shown)
    topics = [
        button(topic.title, replace(state, action=Action.TOPIC, slug_key=slug_key(topic.slug)))
        for topic in answer.related[:MAX_ROW]
    ]
    why = [button(_("Why no answer?"), replace(state, action=Action.WHY))] if answer.ranked else []
    return [topics, why]


def state_for(answer: Answer, user: int, shown: Shown) -> ButtonState:
    """Return what every button of an answer knows; each sets its own action."""
    concept = answer.concept
    other = answer.beside.concept if answer.beside is not None else None
    key, beside = slug_key(concept.slug) if concept is not None else NO_SLUG, ""
    if concept is not None and other is not None:
        key, beside = slug_keys(concept.slug, other.slug)
    return ButtonState(
        Action.NONE,
        _shown(answer),
        answer.question.lang,
        user,
        key,
        beside,
        seen=answer.digest or None,
        choice=shown.choice,
    )


def button(
    label: str, state: ButtonState, *, primary: bool = False, disabled: bool = False
) -> ui.Button[ui.LayoutView]:
    """Return a button that a restart does not harm: all it needs stands in its id."""
    style = discord.ButtonStyle.primary if primary else discord.ButtonStyle.secondary
    return ui.Button(label=label[:MAX_LABEL], custom_id=str(state), style=style, disabled=disabled)


def _first_row(answer: Answer, state: ButtonState) -> Row:
    row: Row = []
    for label, direction, end in ((_("Simpler"), -1, Level.BASIC), (_("Deeper"), 1, Level.ADVANCED)):
        level = step(answer, direction)
        if level is None:
            # At the end of the depths the button stays in its place, so that nobody presses the wrong one.
            row.append(button(label, replace(state, action=Action.NONE, level=end), disabled=True))
        else:
            pressed = replace(state, action=Action.SHOW, level=level, choice=Choice.PRESSED)
            row.append(button(label, pressed, primary=True))
    sources = f"{_('Sources')} ({len(answer.all_sources)})" if answer.all_sources else _("Sources")
    row.append(button(sources, replace(state, action=Action.SOURCES)))
    row.append(button(_("Related"), replace(state, action=Action.RELATED)))
    row.append(button(_("Was this right?"), replace(state, action=Action.FEEDBACK)))
    return row


def _second_row(shown: Shown, state: ButtonState, card: Card) -> Row:
    row: Row = []
    if card.page:
        row += _turn(replace(state, action=Action.WHOLE), card)
        row.append(button(_("Back to the answer"), replace(state, action=Action.BACK)))
    elif card.more and not state.beside_key:
        row.append(button(_("Read the whole page"), replace(state, action=Action.WHOLE, page=1)))
    if shown.thread:
        row.append(button(_("Open a thread"), replace(state, action=Action.THREAD)))
    if shown.offer_level:
        row.append(button(_("Make this my level"), replace(state, action=Action.LEVEL)))
    return row


def _turn(state: ButtonState, card: Card) -> Row:
    """Return the buttons to the previous and the next page, where there is more than one."""
    if card.of <= 1:
        return []
    row: Row = []
    for label, page in ((_("Previous page"), card.page - 1), (_("Next page"), card.page + 1)):
        there = 1 <= page <= min(card.of, _MOST_PAGES)
        # The id of a button that cannot be pressed must still differ from the others.
        action = state.action if there else Action.NONE
        row.append(button(label, replace(state, action=action, page=page if there else card.page), disabled=not there))
    return row


def step(answer: Answer, direction: int) -> Level | None:
    """Return the next depth in a direction, or None at the end.

    Where the page lacks that one, the next that it has; where it has none at all in that direction, the one
    it lacks: asking for it tells the member so, and those who write the library.
    """
    if answer.concept is None:
        return None
    here = _shown(answer).depth
    there = {level for side in answer.sides if side.concept for level in side.concept.levels}
    beyond = [level for level in Level if (level.depth - here) * direction > 0]
    nearest = sorted(beyond, key=lambda level: abs(level.depth - here))
    return next((level for level in nearest if level in there), nearest[0] if nearest else None)


def _shown(answer: Answer) -> Level:
    """Return the depth that the buttons start from: the one asked for, if any page shown has it."""
    asked = answer.question.level
    return asked if any(side.level is asked for side in answer.sides) else answer.level
