"""How the bot is: `/status`, short for everyone, long for moderators."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.health import health, short_health
from bot.language import gettext as _
from bot.markup import escape, shorten
from bot.permissions import moderates
from bot.services import Services
from bot.views.lasting import lasting, plain

_COLOUR = discord.Colour(0x4FB286)
_MAX_LINE = 250
_MAX_TEXT = 3_800


class StatusCog(commands.Cog):
    """Says how the bot is; other parts add lines to `services.status`."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services; the clock of the running time begins here."""
        self._bot = bot
        self._services = services
        self._started = discord.utils.utcnow()

    @app_commands.command(name="status", description="Whether I am well, and which library I read from")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def status(self, interaction: discord.Interaction[Any]) -> None:
        """Show the short form; the long one to moderators of this server and the bot's owner."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        short = await short_health(self._services)
        view = plain(short, _COLOUR)
        if await moderates(interaction):
            lines = await health(
                self._services,
                gateway_seconds=self._bot.latency,
                up_seconds=(discord.utils.utcnow() - self._started).total_seconds(),
            )
            told = "\n".join(f"**{escape(name)}**: {escape(shorten(text, _MAX_LINE))}" for name, text in lines)
            view = lasting(
                ui.Container(
                    ui.TextDisplay(f"## {_('Status')}\n{short}"),
                    ui.Separator(),
                    ui.TextDisplay(shorten(told, _MAX_TEXT - len(short))),
                    accent_colour=_COLOUR,
                )
            )
        await interaction.edit_original_response(view=view, allowed_mentions=discord.AllowedMentions.none())
