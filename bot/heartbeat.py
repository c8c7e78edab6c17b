"""A file that says the bot is connected, for health checks from outside the process."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from bot.shard_range import ShardRange

_FILE = "alive"
_SECONDS = 90.0
BEAT_SECONDS = 20.0


def beat(state: Path, shards: ShardRange | None = None) -> None:
    """Say that the process of these shards is connected; where nothing can be written, health checks fail."""
    with suppress(OSError):
        _file(state, shards).touch()


def stop(state: Path, shards: ShardRange | None = None) -> None:
    """Say that it is not any more."""
    with suppress(OSError):
        _file(state, shards).unlink()


def is_alive(state: Path, shards: ShardRange | None = None) -> bool:
    """Say whether the process of these shards was connected within the last minute and a half."""
    try:
        return time.time() - _file(state, shards).stat().st_mtime < _SECONDS
    except OSError:
        return False


def _file(state: Path, shards: ShardRange | None) -> Path:
    """Return the file of a process: several may share the state folder."""
    return state / (f"{_FILE}-{shards.name}" if shards else _FILE)
