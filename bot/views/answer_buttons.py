"""What happens when someone presses a button under an answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import ui

from bot.answer import Question
from bot.answer_service import NotReadyError
from bot.apology import apologise
from bot.tell import tell
from bot.views.answer_view import answer_view, question_of, sources_view
from bot.views.custom_ids import PATTERN, Action, ButtonState, slug_of_key

if TYPE_CHECKING:
    from bot.client import FathomBot


class AnswerButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=PATTERN):
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
        """Show what the button stands for: in place for the one who asked, as a private copy for anyone else."""
        try:
            await self._show(interaction)
        except Exception as error:  # noqa: BLE001  # discord.py would only log it, and leave the person waiting
            await apologise(interaction, error)

    async def _show(self, interaction: discord.Interaction[Any]) -> None:
        state = self._state
        if state is None or state.action is Action.NONE:
            await interaction.response.defer()
            return
        own = interaction.user.id == state.user
        if own:
            await interaction.response.defer()
        else:
            await interaction.response.defer(ephemeral=True, thinking=True)
        view = await _view_of(interaction, state)
        if isinstance(view, str):
            await tell(interaction, view)
            return
        await interaction.edit_original_response(view=view, allowed_mentions=discord.AllowedMentions.none())


async def _view_of(interaction: discord.Interaction[Any], state: ButtonState) -> ui.LayoutView | str:
    """Return what a button shows, or what to say when it cannot be shown."""
    client: FathomBot = interaction.client
    answers = client.services.answers
    try:
        slug = slug_of_key(state.slug_key, answers.generation.rows_of_concept)
        if slug is None:
            return "The library no longer has this page. Ask again to find what replaced it."
        question = Question(question_of(interaction.message), state.level, lang=state.lang)
        answer = await answers.show(slug, question)
    except NotReadyError:
        return "I am still reading the library. Please press again in a minute."
    if answer is None:
        return "The library no longer has this page. Ask again to find what replaced it."
    # Whoever pressed owns what they see next: their own copy answers to them.
    user = interaction.user.id
    return sources_view(answer, user) if state.action is Action.SOURCES else answer_view(answer, user)
