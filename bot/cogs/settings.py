"""How the bot behaves in a server: `/settings`, for its moderators."""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.language import gettext as _
from bot.permissions import moderates
from bot.services import Services
from bot.tell import tell
from bot.views.settings_controls import NOT_A_MODERATOR, NOT_IN_A_SERVER, show_panel

_log = logging.getLogger(__name__)


class SettingsCog(commands.Cog):
    """Shows each server's settings to its moderators, and forgets those of a server that the bot has left."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services."""
        self._bot = bot
        self._services = services

    @app_commands.command(name="settings", description="Moderators: how I behave in this server")
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def settings(self, interaction: discord.Interaction[Any]) -> None:
        """Show the panel, privately; refuse anyone who is no moderator of this server."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        if interaction.guild_id is None or self._bot.get_guild(interaction.guild_id) is None:
            await tell(interaction, _(NOT_IN_A_SERVER))
            return
        if not await moderates(interaction):
            await tell(interaction, _(NOT_A_MODERATOR))
            return
        await show_panel(interaction)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Delete the settings of a server that the bot was removed from."""
        await self._services.stores.servers.remove(guild.id)
        _log.info("left a server; its settings are deleted")
