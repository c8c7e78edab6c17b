"""What processes of one bot say to each other: who builds, what serves now, whose shard may start a session."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

News = Callable[[float], Awaitable[None]]
"""Waits until there may be another generation to serve: as many seconds as given, less if one was announced."""


class Peers(Protocol):
    """The other processes that share the database."""

    def build_turn(self) -> AbstractAsyncContextManager[bool]:
        """Hold the turn to build; False while another process has it."""
        ...

    def news(self) -> AbstractAsyncContextManager[News]:
        """Listen for announcements of generations."""
        ...

    async def identify_turn(self, bucket: int) -> None:
        """Wait until a shard may start a session, when those of other processes in its bucket have."""
        ...


class Alone:
    """No other processes, or none that can be talked to: locks on files and looks at the disk must do."""

    @asynccontextmanager
    async def build_turn(self) -> AsyncIterator[bool]:
        """Give the turn to whoever asks."""
        yield True

    @asynccontextmanager
    async def news(self) -> AsyncIterator[News]:
        """Hear nothing, and only wait."""
        yield asyncio.sleep

    async def identify_turn(self, bucket: int) -> None:
        """Let a shard start at once."""
