"""How late the event loop is: what blocks it makes everyone wait, acknowledgements included."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

_SECONDS = 0.5


async def watch_loop(note: Callable[[float], None], *, seconds: float = _SECONDS) -> None:
    """Sleep again and again, and note how many seconds too late each sleep ended."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + seconds
        await asyncio.sleep(seconds)
        note(max(0.0, loop.time() - due))
