"""Which language a member is spoken to in, and commands by their names in it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import discord
from discord import app_commands

from bot.language import FALLBACK, NAMES, language_of_locale, speak, texts
from bot.services import Services
from bot.storage.database import DATABASE_ERRORS

_log = logging.getLogger(__name__)
# An answer is due within three seconds; a slow database must not cost it.
_PATIENCE_SECONDS = 0.5
COMMAND_NAME, OPTION_NAME = "name of a command", "name of an option"
"""The contexts (`msgctxt`) of names in a catalogue: what is a fine verb in a sentence may be no fine name."""

_NAMES_IN = {
    app_commands.TranslationContextLocation.command_name: COMMAND_NAME,
    app_commands.TranslationContextLocation.group_name: COMMAND_NAME,
    app_commands.TranslationContextLocation.parameter_name: OPTION_NAME,
}


class SpeakingTree(app_commands.CommandTree[Any]):
    """Commands that speak the language of the member who uses them."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Speak the member's language from here on; everyone may go on."""
        await speak_to(interaction)
        return True


class CatalogueTranslator(app_commands.Translator):
    """Names and descriptions of commands, options and choices, as the catalogues have them."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """Return a text in a language; None where it has no translation, for Discord to show the English one."""
        catalogue = texts(language_of_locale(locale.value))
        kind = _NAMES_IN.get(context.location)
        message = string.message
        translated = catalogue.pgettext(kind, message) if kind else catalogue.gettext(message)
        return translated if translated != message else None


async def speak_to(interaction: discord.Interaction[Any]) -> None:
    """Speak the language of whoever acted: their choice, else their server's, else that of their Discord."""
    services: Services = interaction.client.services
    speak(await language_of(services, interaction.user.id, interaction.guild_id, interaction.locale.value))


async def speak_in_reply_to(message: discord.Message, services: Services) -> None:
    """Speak the language of whoever wrote: their choice, else their server's; Discord does not say their own."""
    locale = message.guild.preferred_locale.value if message.guild is not None else FALLBACK
    guild_id = message.guild.id if message.guild is not None else None
    speak(await language_of(services, message.author.id, guild_id, locale))


async def language_of(services: Services, user_id: int, guild_id: int | None, locale: str) -> str:
    """Return the language to speak: the member's choice, else their server's, else that of a locale."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            chosen = await services.preferences.language(user_id)
            if chosen not in NAMES:
                chosen = (await services.stores.servers.of(guild_id)).default_language
    except DATABASE_ERRORS as error:
        _log.warning("the language of a member cannot be read: %s", type(error).__name__)
        chosen = None
    return chosen if chosen in NAMES else language_of_locale(locale)
