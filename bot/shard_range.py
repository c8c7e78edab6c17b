"""Which of the bot's shards one process runs, as the command line says it: `0-3/16`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TEXT = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?/(\d{1,6})", re.ASCII)


class ShardRangeError(ValueError):
    """A range that cannot be; the message says why, and how one is written."""


@dataclass(frozen=True, slots=True)
class ShardRange:
    """The shards `first` to `last`, both included, of `count` that the whole bot has."""

    first: int
    last: int
    count: int

    @property
    def ids(self) -> list[int]:
        """The numbers of the shards."""
        return list(range(self.first, self.last + 1))

    @property
    def name(self) -> str:
        """A name that is fit for a file."""
        return f"{self.first}-{self.last}-of-{self.count}"

    def __str__(self) -> str:
        return f"{self.first}-{self.last}/{self.count}"


def read_shards(text: str) -> ShardRange:
    """Return the shards that a text names: `0-3/16`, or one alone, `5/16`.

    Raises:
        ShardRangeError: it names none, or such as the bot does not have.
    """
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        raise ShardRangeError(f"`{text[:40]}` is no range of shards; write the first four of sixteen as 0-3/16")
    first, count = int(match[1]), int(match[3])
    last = int(match[2]) if match[2] is not None else first
    if count == 0:
        raise ShardRangeError("a bot has at least one shard: the number after the / is how many all processes have")
    if last < first:
        raise ShardRangeError(f"{first}-{last} runs backwards; write {last}-{first}/{count}")
    if last >= count:
        raise ShardRangeError(
            f"there is no shard {last} of {count}: they are numbered from 0 to {count - 1}, so the last range ends "
            f"in {count - 1}/{count}"
        )
    return ShardRange(first, last, count)
