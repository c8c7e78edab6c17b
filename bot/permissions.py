"""Who is a moderator: checked here, whatever a client shows, for every command and button that needs one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.language import gettext_noop
from bot.storage.server_settings import ServerSettings
from bot.where import or_default

if TYPE_CHECKING:
    from bot.client import FathomBot


MAY_NOT_CHANGE = gettext_noop(
    "Only moderators of this bot's home servers, or its owner, can do this to the library: "
    "every server reads the same one."
)
MAY_NOT_SEE = gettext_noop(
    "This is about every server, so only moderators of this bot's home servers, and its owner, can see it."
)


async def is_owner(interaction: discord.Interaction[Any]) -> bool:
    """Say whether whoever acts owns the bot."""
    client: FathomBot = interaction.client
    return await client.is_owner(interaction.user)


async def manages(interaction: discord.Interaction[Any]) -> bool:
    """Say whether whoever acts has Manage Server where they act, or owns the bot."""
    granted = interaction.permissions
    in_server = _server(interaction) is not None
    return (in_server and (granted.administrator or granted.manage_guild)) or await is_owner(interaction)


async def moderates(interaction: discord.Interaction[Any]) -> bool:
    """Say whether whoever acts moderates the server they act in.

    That is anyone with Manage Server or with a role that such a person named in `/settings`, and the bot's owner.
    """
    return await manages(interaction) or await _has_moderator_role(interaction)


async def moderates_home(interaction: discord.Interaction[Any]) -> bool:
    """Say whether whoever acts moderates a home server, in that server, or owns the bot.

    What concerns every server (the library, what people asked everywhere) is theirs alone. Roles count only as
    the home server itself named them, and only those with Manage Server there can name any.
    """
    client: FathomBot = interaction.client
    home = interaction.guild_id in client.services.settings.discord.home_guilds
    return (home and await moderates(interaction)) or await is_owner(interaction)


async def _has_moderator_role(interaction: discord.Interaction[Any]) -> bool:
    client: FathomBot = interaction.client
    guild, member = _server(interaction), interaction.user
    if guild is None or not isinstance(member, discord.Member):
        return False
    # A database that cannot be read names nobody; who has Manage Server is told by Discord.
    named = (await or_default(client.services.stores.servers.of(guild.id), ServerSettings())).moderator_roles
    # @everyone has the server's own id; named by mistake or by forgery, it would make everyone a moderator.
    return any(role != guild.id and member.get_role(role) is not None for role in named)


def _server(interaction: discord.Interaction[Any]) -> discord.Guild | None:
    """Return the server, if the bot is a member of it; a member may carry the bot into servers where it is not."""
    client: FathomBot = interaction.client
    return client.get_guild(interaction.guild_id) if interaction.guild_id is not None else None
