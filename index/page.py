"""One concept as its author wrote it: front matter, three depths, sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from index.levels import Level


class BlockKind(StrEnum):
    """What a block of a page is, as far as cutting passages needs to know."""

    TEXT = "text"
    HEADING = "heading"
    LIST = "list"
    OTHER = "other"
    IMAGE = "image"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list, heading or other block: the exact source text and its lines in the file (from 1).

    `number` counts the blocks of a page, so that one can tell whether something stands between two of them.
    """

    kind: BlockKind
    text: str
    first_line: int
    number: int = 0

    @property
    def last_line(self) -> int:
        """The line in the file on which the block ends."""
        return self.first_line + self.text.count("\n")


@dataclass(frozen=True, slots=True)
class Source:
    """A work that a page links to; the title is None when the page gives only the address."""

    url: str
    title: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Tier:
    """One depth of a page: the line of its heading and the blocks of its prose (reference lists excluded)."""

    level: Level
    line: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A concept's page in one language; `file` is relative to the content folder."""

    slug: str
    lang: str
    file: str
    title: str
    date: str | None
    summary: str
    aliases: tuple[str, ...]
    tags: tuple[str, ...]
    requires: tuple[str, ...]
    related: tuple[str, ...]
    tiers: dict[Level, Tier]
    sources: tuple[Source, ...]
    lines: dict[str, int] = field(default_factory=dict)
    """The line of each front matter key, for whoever reports a problem with it."""

    def line_of(self, key: str) -> int:
        """Return the line of a front matter key, or 1 when the page does not have it."""
        return self.lines.get(key, 1)
