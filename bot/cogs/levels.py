"""Each member's own depth: `/level`."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cogs.ask import LEVEL_CHOICES
from bot.depth import depth_for
from bot.depth_choice import Choice
from bot.language import gettext as _
from bot.language import gettext_noop
from bot.level_names import level_name
from bot.records import kept
from bot.services import Services
from bot.where import place_of_interaction
from index.levels import Level

_MEANING = {
    Level.BASIC: gettext_noop("plain words and one good example, no jargon"),
    Level.INTERMEDIATE: gettext_noop("how it works, what the evidence is, what people disagree about"),
    Level.ADVANCED: gettext_noop("what the literature says, paper by paper"),
}


class LevelCog(commands.Cog):
    """Remembers how deep a member wants answers to go."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services."""
        self._bot = bot
        self._services = services

    @app_commands.command(name="level", description="See or choose how deep my answers go for you")
    @app_commands.describe(level="Leave empty to see your level")
    @app_commands.choices(level=LEVEL_CHOICES)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def level(self, interaction: discord.Interaction[Any], level: app_commands.Choice[str] | None = None) -> None:
        """Show the member's level, or remember a new one."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        if level is None:
            place = await place_of_interaction(self._services, interaction)
            depth = await depth_for(self._services, interaction.user.id, place.server)
            how = (
                _("You chose **{level}**: {meaning}.")
                if depth.choice is Choice.SAVED
                else _("You have not chosen a level yet, so you get **{level}**: {meaning}.")
            )
            text = f"{how.format(level=level_name(depth.level), meaning=_(_MEANING[depth.level]))}\n\n{_all_levels()}"
        elif not await kept(self._services.preferences.set_level(interaction.user.id, Level(level.value))):
            text = _("I could not write that down just now. Please try again in a minute.")
        else:
            chosen = Level(level.value)
            text = _(
                "From now on you get **{level}**: {meaning}. This holds in every server and in direct messages."
            ).format(level=level_name(chosen), meaning=_(_MEANING[chosen]))
        await interaction.edit_original_response(content=text)


def _all_levels() -> str:
    lines = [f"- **{level_name(level)}**: {_(meaning)}" for level, meaning in _MEANING.items()]
    return "\n".join([*lines, _("Choose with `/level`, or use Simpler and Deeper under any answer.")])
