"""The gateway: where shards identify, beat, resume, and hear what happens."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from typing import Any

from aiohttp import WSMsgType, web

from tests.wire.session import (
    HEARTBEAT,
    HEARTBEAT_ACK,
    HELLO,
    IDENTIFY,
    INVALID_SESSION,
    RECONNECT,
    RESUME,
    Connection,
    Session,
)
from tests.wire.world import APPLICATION, World


class Gateway:
    """All shards' sessions."""

    def __init__(self, world: World, token: str, *, shards: int, max_concurrency: int, heartbeat: float) -> None:
        self.shards = shards
        self.max_concurrency = max_concurrency
        self.heartbeat = heartbeat
        self.identify_seconds = 5.0
        self.url = ""
        self.sessions: dict[int, Session] = {}
        self.connections: set[Connection] = set()
        self.session_starts_left = 1000
        self.identified: list[tuple[float, int]] = []
        self.too_fast = 0
        self.heartbeats = 0
        self.resumes = 0
        self.replayed = 0
        self.closing = False
        """Refuse new connections, as during an outage."""
        self.refuse_with: int | None = None
        """A close code for everyone who identifies."""
        self.rejections = 0
        """How many identifies are answered as if another had come within five seconds."""
        self._token = token
        self._world = world

    # --- what a test does

    async def dispatch(self, event: str, data: Any, *, guild: int | None) -> None:
        """Send an event to the shard of a server; direct messages go to the first."""
        session = self.sessions.get(self.shard_of(guild))
        if session is not None:
            await session.dispatch(event, data)

    def shard_of(self, guild: int | None) -> int:
        return (guild >> 22) % self.shards if guild else 0

    async def drop(self, shard: int, code: int | None = None) -> None:
        """Cut a shard's connection, with a close code or without a word."""
        connection = self._connection(shard)
        if connection is None:
            return
        if code is None:
            transport = connection.socket._req.transport if connection.socket._req else None  # noqa: SLF001
            if transport is not None:
                transport.abort()
        else:
            await connection.socket.close(code=code)

    async def ask_to_reconnect(self, shard: int) -> None:
        if connection := self._connection(shard):
            await connection.send({"op": RECONNECT, "d": None})

    async def invalidate(self, shard: int, *, resumable: bool) -> None:
        connection = self._connection(shard)
        if not resumable:
            self.sessions.pop(shard, None)
        if connection:
            await connection.send({"op": INVALID_SESSION, "d": resumable})

    def mute(self, shard: int) -> None:
        """Let a connection live on as a zombie."""
        if connection := self._connection(shard):
            connection.muted = True

    async def until_connected(self, seconds: float = 60.0) -> None:
        """Wait until every shard has a session and a connection.

        Raises:
            TimeoutError: one has not.
        """
        async with asyncio.timeout(seconds):
            while not all(self.is_connected(shard) for shard in range(self.shards)):
                await asyncio.sleep(0.02)

    def is_connected(self, shard: int) -> bool:
        connection = self._connection(shard)
        return connection is not None and not connection.muted and not connection.socket.closed

    def _connection(self, shard: int) -> Connection | None:
        session = self.sessions.get(shard)
        return session.connection if session else None

    # --- what the bot does

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        if self.closing:
            raise web.HTTPServiceUnavailable
        compress = request.query.get("compress")
        if compress not in {None, "zlib-stream"}:
            raise web.HTTPBadRequest(text=f"{compress} is not spoken here; run the bot without zstandard")
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(socket, compress=compress is not None)
        self.connections.add(connection)
        try:
            await connection.send({"op": HELLO, "d": {"heartbeat_interval": int(self.heartbeat * 1000)}})
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    continue
                try:
                    payload = json.loads(frame.data)
                except ValueError:
                    await socket.close(code=4002)
                    break
                await self._take(connection, payload)
        finally:
            self.connections.discard(connection)
            for session in self.sessions.values():
                if session.connection is connection:
                    session.connection = None
        return socket

    async def _take(self, connection: Connection, payload: Any) -> None:
        operation, data = payload.get("op"), payload.get("d")
        if operation == HEARTBEAT:
            self.heartbeats += 1
            connection.last_heartbeat = time.monotonic()
            await connection.send({"op": HEARTBEAT_ACK, "d": None})
        elif operation == IDENTIFY:
            await self._identify(connection, data)
        elif operation == RESUME:
            await self._resume(connection, data)
        else:
            await connection.socket.close(code=4001)

    async def _identify(self, connection: Connection, data: Any) -> None:
        if data.get("token") != self._token:
            await connection.socket.close(code=4004)
            return
        if self.refuse_with is not None:
            await connection.socket.close(code=self.refuse_with)
            return
        shard, count = data.get("shard") or (0, 1)
        if count != self.shards or not 0 <= shard < count:
            await connection.socket.close(code=4010)
            return
        now = time.monotonic()
        bucket = shard % self.max_concurrency
        self.session_starts_left -= 1
        recent = [at for at, other in self.identified if other % self.max_concurrency == bucket]
        if self.rejections > 0 or (recent and now - recent[-1] < self.identify_seconds):
            self.rejections = max(0, self.rejections - 1)
            self.too_fast += 1
            await connection.send({"op": INVALID_SESSION, "d": False})
            return
        self.identified.append((now, shard))
        session = self.sessions[shard] = Session(shard)
        session.connection = connection
        guilds = [guild for guild in self._world.guilds if self.shard_of(guild) == shard]
        await session.dispatch(
            "READY",
            {
                "v": 10,
                "user": self._world.me,
                "guilds": [{"id": str(guild), "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "resume_gateway_url": self.url,
                "session_type": "normal",
                "shard": [shard, count],
                "application": {"id": str(APPLICATION), "flags": 0},
            },
        )
        for guild in guilds:
            await session.dispatch("GUILD_CREATE", self._world.guild_payload(guild))

    async def _resume(self, connection: Connection, data: Any) -> None:
        session = next((item for item in self.sessions.values() if item.id == data.get("session_id")), None)
        if data.get("token") != self._token:
            await connection.socket.close(code=4004)
        elif session is None:
            await connection.send({"op": INVALID_SESSION, "d": False})
        elif (data.get("seq") or 0) > session.sequence:
            await connection.socket.close(code=4007)
        else:
            if session.connection is not None and session.connection is not connection:
                with suppress(ConnectionError):
                    await session.connection.socket.close(code=4000)
            session.connection = connection
            session.resumed += 1
            self.resumes += 1
            self.replayed += await session.replay(data["seq"])
            await session.dispatch("RESUMED", {})
