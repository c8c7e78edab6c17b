"""What to read before a topic, in order: `/path`."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.topic_choices import topic_choices
from bot.language import spoken
from bot.services import Services
from bot.topic_names import TopicDirectory
from bot.views.path_buttons import PathButton, PathMenu, view_of_path
from bot.views.path_view import suggestions_view
from bot.views.pressing import answering, show

_SUGGESTIONS = 5


class PathCog(commands.Cog):
    """Shows members the way to a topic, and remembers what they have understood."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services."""
        self._bot = bot
        self._services = services
        self._directory = TopicDirectory(services.answers)

    async def cog_load(self) -> None:
        """Answer the buttons and menus of every path, from before a restart as well."""
        self._bot.add_dynamic_items(PathButton, PathMenu)

    @app_commands.command(name="path", description="What to read first to understand a topic, in order")
    @app_commands.describe(topic="What would you like to understand in the end?")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def path(self, interaction: discord.Interaction[Any], topic: app_commands.Range[str, 1, 100]) -> None:
        """Show the member their path to a topic, privately; for a topic that there is not, what they may mean."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        async with answering(interaction):
            names = self._directory.names(spoken())
            if goal := names.find(topic):
                await show(interaction, await view_of_path(self._services, interaction.user.id, goal.slug))
            else:
                await show(interaction, suggestions_view(topic, names.nearest(topic, _SUGGESTIONS)))

    @path.autocomplete("topic")
    async def complete(self, _interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        """Offer topics whose title or alias has the words typed so far, else those nearly typed right."""
        return topic_choices(self._directory, current)
