"""Who may change the library that every server reads: moderators of the home servers, and the bot's owner."""

from __future__ import annotations

from typing import Any

import discord
from discord.ext import commands

from bot.config import Settings
from bot.language import gettext_noop

REFUSED = gettext_noop(
    "Only moderators of this bot's home servers, or its owner, can do this to the library: "
    "every server reads the same one."
)


async def is_home_moderator(
    bot: commands.AutoShardedBot, settings: Settings, interaction: discord.Interaction[Any]
) -> bool:
    """Check on our side, whatever the client shows: Manage Server in a home server, or the bot's owner anywhere."""
    if await bot.is_owner(interaction.user):
        return True
    home = interaction.guild_id is not None and interaction.guild_id in settings.discord.home_guilds
    return home and interaction.permissions.manage_guild
