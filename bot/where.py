"""What a server's moderators allow: where the bot answers, who sees it, who may press."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, TypeVar

import discord
from sqlalchemy.exc import SQLAlchemyError

from bot.enumeration import and_between
from bot.language import gettext as _
from bot.services import Services
from bot.storage.server_settings import ServerSettings

_log = logging.getLogger(__name__)
_SECONDS = 1.5
T = TypeVar("T")


async def or_default(reading: Awaitable[T], default: T) -> T:
    """Return what the database says, or the default when it fails or takes too long: an answer never waits for it."""
    try:
        async with asyncio.timeout(_SECONDS):
            return await reading
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        _log.warning("the database cannot be read (%s); going on with the default", type(error).__name__)
        return default


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was asked, and what that server's moderators chose.

    Attributes:
        server: their choices; the defaults in direct messages and where the bot is no member.
        guild_id: the server; None in direct messages.
        channel_ids: the channel, and the one it is a thread of.
        can_open_thread: whether a thread could be opened here, were the bot allowed to.
    """

    server: ServerSettings
    guild_id: int | None
    channel_ids: tuple[int, ...]
    can_open_thread: bool

    @property
    def may_answer(self) -> bool:
        """Whether the bot may answer here for everyone to see."""
        allowed = self.server.channels
        return self.guild_id is None or not allowed or any(channel in allowed for channel in self.channel_ids)

    @property
    def answers_mentions(self) -> bool:
        """Whether the bot answers messages that mention it here."""
        return self.guild_id is None or (self.may_answer and self.server.answer_mentions)

    @property
    def private(self) -> bool:
        """Whether only the one who asked sees the answer to a command."""
        return self.guild_id is not None and (self.server.private_answers or not self.may_answer)

    @property
    def offers_thread(self) -> bool:
        """Whether an answer here gets the button that opens a thread."""
        return self.can_open_thread and not self.private and self.answers_mentions

    @property
    def hint(self) -> str | None:
        """Say why an answer is private, where the channel is the reason."""
        if self.may_answer:
            return None
        links = [f"https://discord.com/channels/{self.guild_id}/{channel}" for channel in self.server.channels[:3]]
        text = _("Only you see this: in this server I answer everyone in {channels}")
        return f"-# {text.format(channels=and_between(links))}"


async def place_of(
    services: Services, client: discord.Client, guild_id: int | None, channel: Any, channel_id: int | None
) -> Place:
    """Return what holds in a channel; never fails, whatever Discord leaves out and the database says.

    Args:
        services: what the bot is made of.
        client: the bot, which knows the servers that it is a member of.
        guild_id: the server, or None.
        channel: the channel as far as Discord describes it.
        channel_id: its id.
    """
    member = guild_id is not None and client.get_guild(guild_id) is not None
    server = ServerSettings()
    if guild_id is not None and member:
        server = await or_default(services.stores.servers.of(guild_id), ServerSettings())
    ids = (channel_id, getattr(channel, "parent_id", None))
    return Place(
        server=server,
        guild_id=guild_id,
        channel_ids=tuple(value for value in ids if value is not None),
        can_open_thread=member and isinstance(channel, discord.TextChannel),
    )


async def place_of_interaction(services: Services, interaction: discord.Interaction[Any]) -> Place:
    """Return what holds where somebody used a command or pressed a button."""
    return await place_of(
        services, interaction.client, interaction.guild_id, interaction.channel, interaction.channel_id
    )


async def place_of_message(services: Services, client: discord.Client, message: discord.Message) -> Place:
    """Return what holds where somebody wrote a message."""
    guild_id = message.guild.id if message.guild is not None else None
    return await place_of(services, client, guild_id, message.channel, message.channel.id)
