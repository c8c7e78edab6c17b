"""What a generation remembers of each page, so that the next build need not read unchanged pages again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from index.page import Page
from index.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.asked_questions import AskedQuestion
    from index.library import Library
    from index.references import Reference


@dataclass(frozen=True, slots=True)
class BuiltPage:
    """One page of a generation.

    Attributes:
        digest: what the page was read from (see `page_digest`).
        page: the page without its prose; None where it had to be refused.
        problems: what was found while reading it.
        cut: what its passages were cut from (see `cut_digest`); empty where it has none.
        first: the row of its first passage; `last` the one after its last.
    """

    digest: str
    page: Page | None
    problems: tuple[Problem, ...]
    cut: str = ""
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class BuiltPages:
    """All pages of a generation, and the code that read them."""

    code: str
    pages: list[BuiltPage]


BUILT_PAGES = TypeAdapter(BuiltPages)


def page_digest(data: bytes, *, file: str, slug: str, lang: str) -> str:
    """Return what changes whenever a page is read differently."""
    return hashlib.sha256(f"{file}\0{slug}\0{lang}\0".encode() + data).hexdigest()


def without_prose(page: Page) -> Page:
    """Return a page with its depths, but none of their blocks."""
    return replace(page, tiers={level: replace(tier, blocks=()) for level, tier in page.tiers.items()})


class CutDigests:
    """Says for each page what its passages depend on: the page, the works it cites, how people ask, the model."""

    def __init__(self, library: Library, model_checksum: str, window: int) -> None:
        """Take the model whose tokenizer and window the passages are cut by."""
        self._library = library
        self._start = f"{model_checksum}\0{window}\0"
        self._known: dict[int, str] = {}

    def of(self, page: Page, digest: str, asked: Iterable[AskedQuestion]) -> str:
        """Return what changes whenever the page's passages, or what is said of its sources, do."""
        parts = [self._start, digest]
        for source in page.sources:
            reference = self._library.reference(source)
            parts.append(self._said(reference) if reference else "")
        parts += [f"{question.text}\0{question.file}\0{question.line}" for question in asked]
        return hashlib.sha256("\0\0".join(parts).encode()).hexdigest()

    def _said(self, reference: Reference) -> str:
        said = self._known.get(id(reference))
        if said is None:
            said = self._known[id(reference)] = repr(reference)
        return said
