"""How the bot behaves in each server, as its moderators set it."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from bot.storage.database import Sessions
from bot.storage.store import Holding, ImpersonalStore
from bot.storage.tables import Base, Server
from bot.storage.upsert import upsert
from index.levels import Level

_log = logging.getLogger(__name__)


class ServerSettings(BaseModel):
    """What a server's moderators can choose; the defaults hold where they chose nothing, and in direct messages.

    Attributes:
        default_level: the level of members who chose none; None for the operator's default.
        default_language: the language of members who chose none; None for that of their Discord.
        channels: where the bot may answer; empty for everywhere.
        private_answers: whether only the asker sees the answer to a command.
        answer_mentions: whether the bot answers messages that mention it.
        threads: whether a follow-up goes on in a thread of its own.
        anyone_may_press: whether buttons change an answer in place for everyone, not only for who asked.
        moderator_roles: roles that may change these settings, beside Manage Server.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    default_level: Level | None = None
    default_language: str | None = None
    channels: tuple[int, ...] = ()
    private_answers: bool = False
    answer_mentions: bool = True
    threads: bool = False
    anyone_may_press: bool = False
    moderator_roles: tuple[int, ...] = ()


class ServerSettingsStore(ImpersonalStore):
    """The settings of every server, remembered until they change or the bot leaves it."""

    table: ClassVar[type[Base]] = Server
    holds: ClassVar[Holding] = Holding(
        what="how moderators set the bot up in their server", personal=False, kept="until the bot leaves the server"
    )

    def __init__(self, sessions: Sessions) -> None:
        """Keep settings in a database."""
        super().__init__(sessions)
        self._changing = asyncio.Lock()

    async def of(self, guild_id: int | None) -> ServerSettings:
        """Return a server's settings; the defaults for one that has none, and for direct messages."""
        if guild_id is None:
            return ServerSettings()
        try:
            async with self._sessions() as session:
                row = await session.get(Server, guild_id)
            return ServerSettings.model_validate(row.settings) if row is not None else ServerSettings()
        except ValueError:  # not JSON, or not settings
            _log.warning("the settings of server %d cannot be read; it gets the defaults", guild_id)
            return ServerSettings()

    async def put(self, guild_id: int, settings: ServerSettings) -> None:
        """Remember a server's settings."""
        async with self._sessions.begin() as session:
            values = settings.model_dump(mode="json")
            await upsert(session, Server, {"guild_id": guild_id}, settings=values, updated_at=datetime.now(UTC))

    async def change(self, guild_id: int, **values: Any) -> ServerSettings:
        """Change what is given and leave the rest, one change after another; return all settings.

        Raises:
            ValidationError: a value is not one that `ServerSettings` knows.
        """
        async with self._changing:
            current = await self.of(guild_id)
            settings = ServerSettings.model_validate({**current.model_dump(), **values})
            await self.put(guild_id, settings)
        return settings

    async def remove(self, guild_id: int) -> None:
        """Delete the settings of a server that the bot has left."""
        async with self._sessions.begin() as session:
            if (row := await session.get(Server, guild_id)) is not None:
                await session.delete(row)
