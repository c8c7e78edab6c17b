"""Taking turns: one request at a time to each host, with a pause between two, and not too many hosts at once."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manners:
    """How considerate to be, in seconds.

    Attributes:
        pause: between two requests to one host.
        hosts: how many hosts at once.
        timeout: for one request.
        wait: how long to stay away when a host says that it is too much, if it names no time.
        longest_wait: the longest time it may name.
    """

    pause: float = 1.0
    hosts: int = 8
    timeout: float = 20.0
    wait: float = 10.0
    longest_wait: float = 60.0


class Pace:
    """Gives out turns."""

    def __init__(self, manners: Manners) -> None:
        """Keep to these manners."""
        self._pause = manners.pause
        self._hosts = asyncio.Semaphore(manners.hosts)
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._not_before: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at a host, and hold it."""
        loop = asyncio.get_running_loop()
        async with self._locks[host]:
            await asyncio.sleep(max(0.0, self._not_before.get(host, 0.0) - loop.time()))
            async with self._hosts:
                try:
                    yield
                finally:
                    self.stay_away(host, self._pause)

    def stay_away(self, host: str, seconds: float) -> None:
        """Leave a host alone for a while."""
        until = asyncio.get_running_loop().time() + seconds
        self._not_before[host] = max(until, self._not_before.get(host, 0.0))
