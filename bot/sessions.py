"""Starting gateway sessions no faster, and no more often, than Discord allows."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable

import discord

_log = logging.getLogger(__name__)
_WINDOW_SECONDS = 5.1
_AFTER_INVALID_SECONDS = (1.0, 5.0)


class SessionPace:
    """When each shard may identify: `max_concurrency` of them in any five seconds.

    discord.py waits five seconds before every one; a bot of sixteen shards that may start sixteen at once
    would be deaf on its last for more than a minute after each restart.
    """

    def __init__(self, turn: Callable[[int], Awaitable[None]] | None = None) -> None:
        """Begin as Discord begins with a small bot: one at a time.

        Args:
            turn: waits until other processes let a shard of a bucket start; None where there are none.
        """
        self._turn = turn
        self._max_concurrency = 1
        self._next: dict[int, float] = {}
        self._known: set[int] = set()

    async def prepare(self, client: discord.AutoShardedClient) -> None:
        """Ask Discord for the limits, and wait while no session may be started.

        A bot that starts more sessions than it may has its token reset, which a restart loop can bring about.
        """
        limits = await client.fetch_session_start_limits()
        self._max_concurrency = max(1, limits.max_concurrency)
        if limits.remaining < len(client.shard_ids or ()) or limits.remaining == 0:
            seconds = limits.reset_after / 1000
            _log.error("Discord allows %d more session starts; waiting %.0f s", limits.remaining, seconds)
            await asyncio.sleep(seconds)

    async def wait(self, shard: int) -> None:
        """Wait until a shard may identify."""
        if shard in self._known:
            # Its session was invalidated. Discord asks for a random pause, so that not all come back at once.
            await asyncio.sleep(random.uniform(*_AFTER_INVALID_SECONDS))
        self._known.add(shard)
        bucket = shard % self._max_concurrency
        now = asyncio.get_running_loop().time()
        turn = max(now, self._next.get(bucket, now))
        self._next[bucket] = turn + _WINDOW_SECONDS
        await asyncio.sleep(turn - now)
        if self._turn is not None:
            await self._turn(bucket)
