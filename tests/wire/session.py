"""One shard's session on the gateway: what was sent in it, so that a client can resume it."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import zlib
from collections import deque

from aiohttp import web

from tests.wire.payloads import Payload

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 0, 1, 2, 6, 7, 9, 10, 11
_REPLAYED = 2_000


class Connection:
    """A websocket, and the compression that runs through all that is sent on it."""

    def __init__(self, socket: web.WebSocketResponse, *, compress: bool) -> None:
        self.socket = socket
        self.muted = False
        """Takes everything and says nothing, like a peer that has vanished."""
        self.last_heartbeat = time.monotonic()
        self._zlib = zlib.compressobj() if compress else None
        self._order = asyncio.Lock()

    async def send(self, payload: Payload) -> None:
        async with self._order:
            if self.muted or self.socket.closed:
                return
            text = json.dumps(payload)
            try:
                if self._zlib is None:
                    await self.socket.send_str(text)
                else:
                    data = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
                    await self.socket.send_bytes(data)
            except ConnectionError:
                pass  # what was sent stays in the session, and is replayed


class Session:
    """A session outlives its connections."""

    def __init__(self, shard: int) -> None:
        self.id = secrets.token_hex(16)
        self.shard = shard
        self.sequence = 0
        self.connection: Connection | None = None
        self.resumed = 0
        self._sent: deque[Payload] = deque(maxlen=_REPLAYED)

    async def dispatch(self, event: str, data: object) -> None:
        """Send an event, or keep it for when the client resumes."""
        self.sequence += 1
        payload = {"op": DISPATCH, "t": event, "s": self.sequence, "d": data}
        self._sent.append(payload)
        if self.connection is not None:
            await self.connection.send(payload)

    async def replay(self, since: int) -> int:
        """Send again what came after a sequence number; return how much that was."""
        missed = [payload for payload in self._sent if payload["s"] > since]
        if self.connection is not None:
            for payload in missed:
                await self.connection.send(payload)
        return len(missed)
