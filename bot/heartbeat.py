"""A file that says the bot is connected, for health checks from outside the process."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

_FILE = "alive"
_SECONDS = 90.0
BEAT_SECONDS = 20.0


def beat(state: Path) -> None:
    """Say that the bot is connected now; where nothing can be written, health checks fail until it can."""
    with suppress(OSError):
        (state / _FILE).touch()


def stop(state: Path) -> None:
    """Say that it is not any more."""
    with suppress(OSError):
        (state / _FILE).unlink()


def is_alive(state: Path) -> bool:
    """Say whether the bot was connected within the last minute and a half."""
    try:
        return time.time() - (state / _FILE).stat().st_mtime < _SECONDS
    except OSError:
        return False
