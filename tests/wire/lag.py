"""How late an event loop is: what everything else that it runs has to wait."""

from __future__ import annotations

import asyncio
from pathlib import Path

_EVERY = 0.01
_BETWEEN_WRITES = 100


async def sample_lag(file: Path) -> None:
    """Wake up every hundredth of a second, and write when that was and by how many seconds it was late."""
    clock = asyncio.get_running_loop().time
    while True:
        lines = []
        for _ in range(_BETWEEN_WRITES):
            due = clock() + _EVERY
            await asyncio.sleep(_EVERY)
            lines.append(f"{clock():.4f} {max(0.0, clock() - due):.6f}\n")
        await asyncio.to_thread(_append, file, "".join(lines))


def lag_between(file: Path, begin: float, end: float) -> list[float]:
    """Return by how many seconds the loop was late between two times of the monotonic clock, in ascending order.

    That clock is the machine's, so every process reads the same times.
    """
    found = []
    for line in file.read_text(encoding="ascii").splitlines():
        when, late = map(float, line.split())
        if begin <= when <= end:
            found.append(late)
    return sorted(found)


def _append(file: Path, text: str) -> None:
    with file.open("a", encoding="ascii") as stream:
        stream.write(text)
