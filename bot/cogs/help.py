"""What a member who has never seen the bot needs: `/help`."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.services import Services

_HELP = """## Ask me about AI safety
I explain ideas from a library written and checked by people. I quote it word for word, link every source, \
and tell you when it has no answer.
- `/ask` **a question** in your own words. You can also mention me, or write to me directly.
- **Simpler** and **Deeper** under an answer change its depth; **Sources** lists what it rests on.
- `/level` sets the depth you like: **Basic** has no jargon, **Intermediate** says how it works, \
**Advanced** says what the literature says.
- `/topics` shows everything I can explain.
Try: `/ask question: would a robot let me switch it off?`"""
_EVERYWHERE = "-# `/status` says whether I am well. Moderators: `/settings` decides how I behave in this server."
_MODERATORS = """-# Moderators of a home server: `/reindex` reads the library anew after it was changed, \
`/gaps` lists what people asked in vain, `/stats` how I am used."""


class HelpCog(commands.Cog):
    """Says what the bot can do, in words for a first visit."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services."""
        self._bot = bot
        self._services = services

    @app_commands.command(name="help", description="What I can do, and how to ask")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        """Show the help, privately."""
        home = interaction.guild_id in self._services.settings.discord.home_guilds
        container: ui.Container[ui.LayoutView] = ui.Container(
            ui.TextDisplay(_HELP), ui.TextDisplay(_EVERYWHERE), accent_colour=discord.Colour(0x3E7CB1)
        )
        if home:
            container.add_item(ui.TextDisplay(_MODERATORS))
        view = ui.LayoutView(timeout=None)
        view.add_item(container)
        await interaction.response.send_message(view=view, ephemeral=True)
