"""What people asked in vain: `/gaps`, for moderators of the home servers and the bot's owner."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.language import gettext as _
from bot.permissions import MAY_NOT_SEE, moderates_home
from bot.services import Services
from bot.tell import tell
from bot.views.gaps_controls import show_gaps


class GapsCog(commands.Cog):
    """Shows what the library lacks; the questions come from every server, so few may see them."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services."""
        self._bot = bot
        self._services = services

    @app_commands.command(name="gaps", description="Moderators: what people asked in vain, and pages to write for it")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def gaps(self, interaction: discord.Interaction[Any]) -> None:
        """Show the first page of the list, privately."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        if not await moderates_home(interaction):
            await tell(interaction, _(MAY_NOT_SEE))
            return
        await show_gaps(interaction, 0)
