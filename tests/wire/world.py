"""Who and what there is: servers, channels, people, messages, the bot and its commands."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from typing import Any

from tests.wire import payloads
from tests.wire.ids import guild_id, new_id
from tests.wire.payloads import Payload

BOT, APPLICATION, OWNER = 900_000_000_000_000_001, 900_000_000_000_000_001, 900_000_000_000_000_009
_MESSAGES_A_CHANNEL = 50


class RefusedError(Exception):
    """An error as Discord's API answers it."""

    def __init__(self, status: int, code: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.body = {"message": text, "code": code}


@dataclass
class Channel:
    """A channel of a server, or a direct one, with its last messages."""

    id: int
    guild: int | None
    recipient: Payload | None = None
    deleted: bool = False
    forbidden: bool = False
    messages: OrderedDict[int, Payload] = field(default_factory=OrderedDict)

    def payload(self) -> Payload:
        return payloads.channel(self.id, self.guild, self.recipient)


class World:
    """Everything that would be in Discord's databases."""

    def __init__(self, guilds: int) -> None:
        self.me = payloads.user(BOT, "fathom", bot=True)
        self.channels: dict[int, Channel] = {}
        self.guilds: list[int] = [guild_id(number) for number in range(guilds)]
        for guild in self.guilds:
            self.new_channel(guild)
        self.commands: list[Payload] = []
        self.command_writes = 0
        # The bot's messages by what they reply to, and by their nonce.
        self.replies: defaultdict[int, list[Payload]] = defaultdict(list)
        self._nonces: dict[str, Payload] = {}
        self._people = 0

    def new_person(self, name: str | None = None) -> Payload:
        self._people += 1
        return payloads.user(new_id(), name or f"person{self._people}")

    def new_channel(self, guild: int | None, recipient: Payload | None = None) -> Channel:
        channel = Channel(new_id(), guild, recipient)
        self.channels[channel.id] = channel
        return channel

    def channel_of(self, guild: int) -> Channel:
        """Return a server's first channel that is still there."""
        return next(item for item in self.channels.values() if item.guild == guild and not item.deleted)

    def guild_payload(self, guild: int) -> Payload:
        channels = [item.payload() for item in self.channels.values() if item.guild == guild and not item.deleted]
        return payloads.guild(guild, channels, self.me)

    def channel(self, channel_id: int) -> Channel:
        """Return a channel that the bot may write to, or refuse as Discord would."""
        channel = self.channels.get(channel_id)
        if channel is None or channel.deleted:
            raise RefusedError(404, 10003, "Unknown Channel")
        if channel.forbidden:
            raise RefusedError(403, 50013, "Missing Permissions")
        return channel

    def add_message(self, channel: Channel, author: Payload, body: Payload) -> Payload:
        """Put a message into a channel; one with a nonce that was used is the message of that time."""
        nonce = body.get("nonce") if body.get("enforce_nonce") else None
        if nonce and nonce in self._nonces:
            return self._nonces[nonce]
        replied_to = int((body.get("message_reference") or {}).get("message_id") or 0)
        if replied_to and replied_to not in channel.messages and author is self.me:
            raise RefusedError(400, 50035, "Invalid Form Body: message_reference: Unknown message")
        message = payloads.message(new_id(), channel.id, author, body)
        channel.messages[int(message["id"])] = message
        while len(channel.messages) > _MESSAGES_A_CHANNEL:
            channel.messages.popitem(last=False)
        if author is self.me and replied_to:
            self.replies[replied_to].append(message)
        if nonce:
            self._nonces[nonce] = message
        return message

    def register(self, commands: list[Payload]) -> list[Payload]:
        """Replace the bot's commands."""
        self.command_writes += 1
        added: dict[str, Any] = {"application_id": str(APPLICATION), "version": "1", "dm_permission": True}
        self.commands = [{"id": str(new_id()), "type": 1, **command, **added} for command in commands]
        return self.commands

    def command_id(self, name: str) -> str:
        return str(next(command["id"] for command in self.commands if command["name"] == name))
