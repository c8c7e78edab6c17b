"""What somebody wrote, to be kept out of the log by every task and thread that works on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

_words: ContextVar[tuple[str, ...]] = ContextVar("words", default=())
# Options of commands, messages, texts of forms: what Discord calls the fields in which people write.
_WRITTEN = frozenset({"content", "value"})
# So short a word says nothing about anyone, and is part of many others.
_SHORTEST = 4


def hide(*texts: str) -> None:
    """Keep texts out of the log from here on, in this task and those it starts."""
    known = _words.get()
    new = tuple(text for text in dict.fromkeys(texts) if len(text) >= _SHORTEST and text not in known)
    if new:
        _words.set((*known, *new))


def hide_only(texts: tuple[str, ...]) -> None:
    """Keep texts out of the log from here on, and none that was hidden before: something else is handled now."""
    _words.set(())
    hide(*texts)


def hidden() -> tuple[str, ...]:
    """Return what the log must not repeat in this task."""
    return _words.get()


def written_in(data: Any) -> tuple[str, ...]:
    """Return what people wrote in an event of Discord's gateway."""
    return tuple(_written(data))


def _written(data: Any) -> Iterator[str]:
    """Walk without recursion: an event may be nested as deep as a stranger likes."""
    left = [data]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            for key, value in item.items():
                if isinstance(value, str) and key in _WRITTEN:
                    yield value
                elif isinstance(value, dict | list):
                    left.append(value)
        elif isinstance(item, list):
            left += item
