"""The buttons under an answer, as Discord gives them back when somebody presses one."""

from __future__ import annotations

import re
from typing import Any

import discord
from discord import ui

from bot.answer_queue import NotNowError
from bot.apology import apologise
from bot.language import gettext as _
from bot.language import gettext_noop
from bot.not_now import not_now
from bot.speaking import speak_to
from bot.tell import tell
from bot.views.custom_ids import PATTERN, Action, ButtonState
from bot.views.limited_item import LimitedItem
from bot.views.press import GoneError, Press
from bot.views.press_answer import show_answer
from bot.views.press_feedback import ask_verdict, note_verdict
from bot.views.press_further import make_level_own, start_thread, tell_why

_GONE = gettext_noop("The library no longer has this page. Ask again to find what replaced it.")

_HANDLERS = {
    Action.FEEDBACK: ask_verdict,
    Action.RIGHT: note_verdict,
    Action.WRONG_TOPIC: note_verdict,
    Action.TOO_HARD: note_verdict,
    Action.TOO_SIMPLE: note_verdict,
    Action.INCOMPLETE: note_verdict,
    Action.BROKEN_LINK: note_verdict,
    Action.LEVEL: make_level_own,
    Action.THREAD: start_thread,
    Action.WHY: tell_why,
}


class AnswerButton(LimitedItem, ui.DynamicItem[ui.Button[ui.LayoutView]], template=PATTERN):
    """Any button under an answer, from before a restart or after it: all it needs stands in its custom_id."""

    def __init__(self, state: ButtonState | None, button: ui.Button[ui.LayoutView]) -> None:
        """Take over a button of a message; the state is None for an id that this bot never wrote."""
        super().__init__(button)
        self._state = state

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction[Any],
        item: ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> AnswerButton:
        """Make the item for a button that was pressed."""
        button = item if isinstance(item, ui.Button) else ui.Button[ui.LayoutView](custom_id=match.string)
        return cls(ButtonState.parse(match.string), button)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the button stands for."""
        state = self._state
        if state is None or state.action is Action.NONE:
            await interaction.response.defer()
            return
        await speak_to(interaction)
        try:
            await _HANDLERS.get(state.action, show_answer)(Press(interaction, state))
        except NotNowError as error:
            await tell(interaction, not_now(error, pressed=True))
        except GoneError:
            await tell(interaction, _(_GONE))
        except Exception as error:  # noqa: BLE001  # discord.py would only log it, and leave the person waiting
            await apologise(interaction, error)
