"""Texts longer than a message, as pages that break between paragraphs or sentences and never inside a link."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.sentences import sentence_spans

_FENCE = "```"
# A masked link, a plain address or a piece of code stays in one piece.
_UNBREAKABLE = re.compile(r"\[[^\[\]\n]+\]\([^()\s]+\)|<https?://[^<>\s]+>|https?://\S+|`[^`\n]+`")


def pages(blocks: Sequence[str], room: int, *, gap: str = "\n\n") -> list[str]:
    """Return blocks of Discord text as pages of at most `room` characters; at least one page, perhaps empty.

    A block moves to the next page whole where it can; one longer than a page is cut after a sentence, or, where
    one sentence alone is too long, between words. Only a link of most of a page's length is cut.
    """
    done: list[str] = []
    current = ""
    for block in blocks:
        if current and len(current) + len(gap) + len(block) > room:
            done.append(current)
            current = ""
        if len(block) > room:
            *whole, block = pieces(block, room)  # noqa: PLW2901  # the rest of a long block begins the next page
            done += whole
        current = f"{current}{gap}{block}" if current else block
    return [*done, current] if current or not done else done


def pieces(text: str, room: int) -> list[str]:
    """Return a text as pieces of at most `room` characters, each ending with a sentence where possible."""
    if room <= 2 * len(_FENCE) + 2:
        raise ValueError(f"no text fits into {room} characters")
    found: list[str] = []
    rest = text.strip()
    while len(rest) > room:
        end = _end(rest, room)
        piece, rest = rest[:end].rstrip(), rest[end:].lstrip()
        if piece.count(_FENCE) % 2:
            # A block of code goes on as one on the next page.
            piece, rest = f"{piece}\n{_FENCE}", f"{_FENCE}\n{rest}"
        elif piece.count("**") % 2:
            piece, rest = f"{piece}**", f"**{rest}"
        found.append(piece)
    return [*found, rest]


def _end(text: str, room: int) -> int:
    """Return where to cut a text that is longer than `room`."""
    # Room to close a block of code, or bold words, that the cut would leave open.
    room -= len(_FENCE) + 1
    links = [match.span() for match in _UNBREAKABLE.finditer(text)]
    # A link that takes most of a page would leave the page empty, and the next one no shorter.
    limit = next((start for start, stop in links if room // 3 < start < room < stop), room)
    ends = [stop for _, stop in sentence_spans(text[:limit])[:-1]]
    # A piece that is nearly empty helps nobody: then rather between words.
    if ends and ends[-1] > limit // 3:
        return ends[-1]
    space = max(text.rfind(" ", 1, limit), text.rfind("\n", 1, limit))
    if space > limit // 3 and not any(start < space < stop for start, stop in links):
        return space
    return limit
