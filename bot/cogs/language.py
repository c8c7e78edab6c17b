"""Each member's own language: `/language`."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.language import NAMES, spoken
from bot.language import gettext as _
from bot.services import Services
from bot.speaking import speak_to
from bot.views.pressing import answering

_OF_DISCORD = "discord"
LANGUAGE_CHOICES = [
    *(app_commands.Choice(name=name, value=code) for code, name in NAMES.items()),
    app_commands.Choice(name="Like my Discord", value=_OF_DISCORD),
]


class LanguageCog(commands.Cog):
    """Remembers which language a member wants to be spoken to in."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services."""
        self._bot = bot
        self._services = services

    @app_commands.command(name="language", description="See or choose the language I speak with you")
    @app_commands.describe(language="Leave empty to see your language")
    @app_commands.choices(language=LANGUAGE_CHOICES)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def language(
        self, interaction: discord.Interaction[Any], language: app_commands.Choice[str] | None = None
    ) -> None:
        """Show the member's language, or remember a new one; answers in the new one at once."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        async with answering(interaction):
            if language is not None:
                chosen = None if language.value == _OF_DISCORD else language.value
                await self._services.preferences.set_language(interaction.user.id, chosen)
                await speak_to(interaction)
            own = await self._services.preferences.language(interaction.user.id)
            how = _("You chose this language.") if own else _("I follow your Discord or this server.")
            lines = [
                _("I speak **{language}** with you.").format(language=NAMES[spoken()]) + f" {how}",
                _("Pages come in your language where the library has them, else in English."),
                "-# " + _("The names of commands follow the language of your Discord."),
            ]
            await interaction.edit_original_response(content="\n".join(lines))
