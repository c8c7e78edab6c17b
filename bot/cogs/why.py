"""Why an answer is what it is: `/why`."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.answer_queue import NotNowError
from bot.cogs.conversation import turns_before
from bot.language import gettext as _
from bot.language import gettext_noop
from bot.not_now import not_now
from bot.services import Services
from bot.views.answer_view import notice_view, question_of, state_of
from bot.views.custom_ids import ButtonState
from bot.why import why

_LOOKED_AT = 50
_NONE = gettext_noop(
    "I see no answer to you among the last messages here. Press “Was this right?” under an answer, "
    "then “Why this answer?”."
)


class WhyCog(commands.Cog):
    """Explains the last answer that a member was given in a channel."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services."""
        self._bot = bot
        self._services = services

    @app_commands.command(name="why", description="Why my last answer to you here is what it is")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def why(self, interaction: discord.Interaction[Any]) -> None:
        """Show candidates, confidence, depth and runner-up of the member's last answer here, privately."""
        await interaction.response.defer(thinking=True, ephemeral=True)
        await interaction.edit_original_response(
            view=await self._view(interaction), allowed_mentions=discord.AllowedMentions.none()
        )

    async def _view(self, interaction: discord.Interaction[Any]) -> ui.LayoutView:
        found = await self._last_answer(interaction)
        if found is None:
            return notice_view(_(_NONE))
        message, state = found
        try:
            return await why(self._services, state, question_of(message), await self._turns(message))
        except NotNowError as error:
            return notice_view(not_now(error))

    async def _last_answer(self, interaction: discord.Interaction[Any]) -> tuple[discord.Message, ButtonState] | None:
        """Return the newest answer to this member that the bot can see in the channel."""
        me, channel = self._bot.user, interaction.channel
        if me is None or not isinstance(channel, discord.abc.Messageable):
            return None
        try:
            async for message in channel.history(limit=_LOOKED_AT):
                if message.author.id != me.id:
                    continue
                state = state_of(message)
                if state is not None and state.user == interaction.user.id:
                    return message, state
        except (discord.HTTPException, discord.ClientException):
            # Where the bot is no member, or may not read, it sees no answer.
            return None
        return None

    async def _turns(self, answer: discord.Message) -> tuple[str, ...]:
        """Return what was asked before the question that an answer replies to."""
        me, reference = self._bot.user, answer.reference
        if me is None or reference is None or reference.message_id is None:
            return ()
        try:
            question = await answer.channel.fetch_message(reference.message_id)
        except discord.HTTPException:
            return ()
        return await turns_before(question, me.id)
