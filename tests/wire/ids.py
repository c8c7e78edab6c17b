"""Ids that carry their time, as Discord's do: discord.py reads the age of an interaction from them."""

from __future__ import annotations

import itertools
import time

_EPOCH = 1_420_070_400_000
_counter = itertools.count()


def new_id(*, seconds_ago: float = 0.0) -> int:
    """Return an id of now, or of some time ago."""
    milliseconds = int((time.time() - seconds_ago) * 1000) - _EPOCH
    return (milliseconds << 22) | (next(_counter) & 0x3FFFFF)


def guild_id(number: int) -> int:
    """Return the id of the n-th server; servers are dealt to the shards in turn."""
    return (270_000_000_000 + number) << 22
