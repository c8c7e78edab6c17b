"""People in the loopback Discord: they ask, press, mention, write."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from tests.discord.judge import BUTTON, walk
from tests.wire import payloads
from tests.wire.interactions import Interaction, Kind
from tests.wire.payloads import Payload
from tests.wire.server import Loopback
from tests.wire.world import APPLICATION, BOT, Channel

_STRING = 3


class Person:
    """Someone in a server, who can also write to the bot directly."""

    def __init__(self, discord: Loopback, *, guild: int | None = None, moderator: bool = False) -> None:
        self.discord = discord
        self.guild = discord.world.guilds[0] if guild is None else guild
        self.user = discord.world.new_person()
        self.permissions = payloads.USUAL_PERMISSIONS | (payloads.MANAGE_GUILD if moderator else 0)
        self._direct: Channel | None = None

    @property
    def channel(self) -> Channel:
        return self.discord.world.channel_of(self.guild)

    @property
    def direct(self) -> Channel:
        if self._direct is None:
            self._direct = self.discord.world.new_channel(None, self.user)
        return self._direct

    async def slash(self, name: str, *, channel: Channel | None = None, **options: str) -> Interaction:
        """Run a command; what comes of it is seen on the interaction."""
        interaction = Interaction(Kind.COMMAND, name, self.user, channel or self.channel)
        await self.send(interaction, self._command(name, options))
        return interaction

    async def type_into(self, name: str, option: str, text: str) -> Interaction:
        """Begin to type an option that completes itself."""
        interaction = Interaction(Kind.AUTOCOMPLETE, name, self.user, self.channel)
        data = self._command(name, {option: text})
        data["options"][0]["focused"] = True
        await self.send(interaction, data)
        return interaction

    async def press(self, message: Payload | None, label: str) -> Interaction:
        """Press a button of a message by the first word of its label."""
        assert message is not None
        button = next(item for item in buttons(message) if item["label"].startswith(label))
        channel = self.discord.world.channels[int(message["channel_id"])]
        interaction = Interaction(Kind.COMPONENT, label, self.user, channel, source=message)
        await self.send(interaction, {"custom_id": button["custom_id"], "component_type": BUTTON})
        return interaction

    async def mention(self, text: str, *, channel: Channel | None = None) -> Payload:
        """Write a message that mentions the bot."""
        place = channel or self.channel
        return await self._write(place, f"<@{BOT}> {text}", [self.discord.world.me])

    async def write(self, text: str) -> Payload:
        """Write to the bot directly."""
        return await self._write(self.direct, text, [])

    async def _write(self, channel: Channel, text: str, mentions: list[Payload]) -> Payload:
        message = self.discord.world.add_message(channel, self.user, {"content": text, "mentions": mentions})
        await self.deliver(message, channel)
        return message

    async def deliver(self, message: Payload, channel: Channel) -> None:
        """Let the gateway tell of a message (again)."""
        place: Payload = {}
        if channel.guild:
            place = {"guild_id": str(channel.guild), "member": payloads.member(self.user)}
            place["member"].pop("user")
        await self.discord.gateway.dispatch("MESSAGE_CREATE", {**message, **place}, guild=channel.guild)

    def _command(self, name: str, options: dict[str, str]) -> Payload:
        return {
            "id": self.discord.world.command_id(name),
            "name": name,
            "type": 1,
            "options": [{"name": key, "type": _STRING, "value": value} for key, value in options.items()],
        }

    async def send(self, interaction: Interaction, data: Payload) -> None:
        """Let the gateway tell of an interaction (again)."""
        self.discord.rest.interactions[interaction.token] = interaction
        channel = interaction.channel
        payload: dict[str, Any] = {
            "id": str(interaction.id),
            "application_id": str(APPLICATION),
            "type": int(interaction.kind),
            "token": interaction.token,
            "version": 1,
            "data": data,
            "channel_id": str(channel.id),
            "channel": channel.payload(),
            "locale": "en-US",
            "app_permissions": str(payloads.USUAL_PERMISSIONS),
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(channel.guild or 0)},
            "context": 0 if channel.guild else 1,
            "attachment_size_limit": 10_485_760,
        }
        if channel.guild:
            payload["guild_id"] = str(channel.guild)
            payload["guild"] = {"id": str(channel.guild), "locale": "en-US", "features": []}
            payload["guild_locale"] = "en-US"
            payload["member"] = payloads.member(self.user, permissions=self.permissions)
        else:
            payload["user"] = self.user
        if interaction.source is not None:
            payload["message"] = interaction.source
        await self.discord.gateway.dispatch("INTERACTION_CREATE", payload, guild=channel.guild)

    async def reply_to(self, message: Payload, seconds: float = 15.0) -> Payload:
        """Wait for the bot's reply to a message.

        Raises:
            TimeoutError: there is none.
        """
        replies = self.discord.world.replies
        async with asyncio.timeout(seconds):
            while not replies.get(int(message["id"])):
                await asyncio.sleep(0.02)
        return replies[int(message["id"])][0]


async def answer_to(interaction: Interaction, seconds: float = 15.0) -> str:
    """Wait for the answer to an interaction, and return what it says.

    Raises:
        TimeoutError: there is none.
    """
    async with asyncio.timeout(seconds):
        await interaction.answered.wait()
    return interaction.text


def buttons(message: Payload) -> Iterator[Payload]:
    """Yield the buttons of a message that can be pressed."""
    for item in walk(message.get("components") or []):
        if item.get("type") == BUTTON and not item.get("disabled"):
            yield item
