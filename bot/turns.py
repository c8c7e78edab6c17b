"""Taking turns: only so much of one member's work at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class _Line:
    places: asyncio.Semaphore
    people: int = 0


class Turns:
    """A line for each member; what is remembered of it goes when the line is empty."""

    def __init__(self, at_once: int) -> None:
        """Let this much of one member's work run at once; 0 for no limit."""
        self._at_once = at_once
        self._lines: dict[int, _Line] = {}

    def __len__(self) -> int:
        return len(self._lines)

    @asynccontextmanager
    async def of(self, user_id: int) -> AsyncIterator[None]:
        """Wait for a place, and keep it until the work is done, however it ends."""
        if not self._at_once:
            yield
            return
        line = self._lines.setdefault(user_id, _Line(asyncio.Semaphore(self._at_once)))
        line.people += 1
        try:
            async with line.places:
                yield
        finally:
            line.people -= 1
            if not line.people:
                del self._lines[user_id]
