"""Who did what to the library: `/history`, for moderators of the home servers and the bot's owner."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.deed_lines import deed_line
from bot.language import gettext as _
from bot.permissions import MAY_NOT_SEE, moderates_home
from bot.services import Services

_SHOWN = 12
_MAX_LENGTH = 1_950


class HistoryCog(commands.Cog):
    """Shows the latest rebuilds, dry runs, refusals, overrides and rollbacks."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services."""
        self._bot = bot
        self._services = services

    @app_commands.command(name="history", description="Moderators: who rebuilt the library or went back, and when")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def history(self, interaction: discord.Interaction[Any]) -> None:
        """Show the latest deeds, newest first, to the one who asked."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        if not await moderates_home(interaction):
            await interaction.edit_original_response(content=_(MAY_NOT_SEE))
            return
        await interaction.edit_original_response(content=await self._text())

    async def _text(self) -> str:
        deeds = await self._services.stores.history.latest(_SHOWN)
        if not deeds:
            return _("Nothing has been done to the library yet.")
        names: dict[int, str] = {}
        for user_id in {deed.user_id for deed in deeds if deed.user_id is not None}:
            names[user_id] = await self._name_of(user_id)
        lines = [_("**What was done to the library, newest first**")]
        for deed in deeds:
            line = deed_line(deed, names.get(deed.user_id) if deed.user_id is not None else None)
            if len("\n".join([*lines, line])) > _MAX_LENGTH:
                break
            lines.append(line)
        return "\n".join(lines)

    async def _name_of(self, user_id: int) -> str:
        """Return a person's name as it is now: names are not kept."""
        try:
            user = self._bot.get_user(user_id) or await self._bot.fetch_user(user_id)
        except discord.HTTPException:
            return _("user {number}").format(number=user_id)
        return user.display_name
