"""Real inputs, damaged: flipped, cut, doubled, joined with others, with words put in that parsers trip over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

MOST = 4_000
"""Nearly all inputs are kept this small, so that there can be many; `huge` makes the others."""

_BYTES = (b"\x00", b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf", b"\r", b"\x85", b"\n\n")
_TEXTS = ("\u202e", "\u2028", "٣", "²", "ß", "İ", "\u0301" * 9, "\U0001f916", "\u200b", "@everyone", "<@1>", "%", "-1")


def mutate(random: Random, data: bytes, corpus: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """Return bytes after one to eight small disasters."""
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: _flip(random, data),
        lambda: _cut(random, data),
        lambda: _double(random, data),
        lambda: _insert(random, data, random.choice(words) if words else b"x"),
        lambda: _insert(random, data, random.choice(words) * random.randint(1, 60) if words else b""),
        lambda: _insert(random, data, random.choice(_BYTES)),
        lambda: _insert(random, data, random.choice(_TEXTS).encode()),
        lambda: _lines(random, data),
        lambda: _splice(random, data, random.choice(corpus)),
    )
    for _ in range(random.choice((1, 1, 1, 2, 3, 5, 8))):
        data = random.choice(ways)()[:MOST]
    return data


def huge(random: Random, pieces: Sequence[bytes], size: int) -> bytes:
    """Return so many bytes of a few pieces over and over: what costs a parser most."""
    chosen = b"".join(random.choice(pieces) for _ in range(random.randint(1, 3))) or b"x"
    return (chosen * (size // len(chosen) + 1))[:size]


def _place(random: Random, data: bytes) -> int:
    return random.randint(0, len(data))


def _flip(random: Random, data: bytes) -> bytes:
    if not data:
        return b"\x01"
    at = random.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1 :]


def _cut(random: Random, data: bytes) -> bytes:
    start = _place(random, data)
    return data[:start] + data[start + random.choice((1, 4, 30, 400, len(data))) :]


def _double(random: Random, data: bytes) -> bytes:
    start = _place(random, data)
    piece = data[start : start + random.choice((1, 4, 30, 200))]
    return data[:start] + piece * random.choice((2, 2, 3, 20, 100)) + data[start + len(piece) :]


def _insert(random: Random, data: bytes, piece: bytes) -> bytes:
    at = _place(random, data)
    return data[:at] + piece + data[at:]


def _lines(random: Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    first, second = random.randrange(len(lines)), random.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


def _splice(random: Random, data: bytes, other: bytes) -> bytes:
    return data[: _place(random, data)] + other[_place(random, other) :]
