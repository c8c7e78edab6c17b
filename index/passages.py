"""Cutting a library into passages: the paragraph-sized pieces that are embedded, searched and quoted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from index.asked_questions import OUTSIDE, AskedQuestion
from index.levels import Level
from index.page import Block, BlockKind, Page, Tier
from index.pieces import CountTokens, cut_text
from index.plain import plain_text
from index.sentences import Span, sentence_spans

if TYPE_CHECKING:  # whoever only reads passages need not import what reads pages
    from index.library import Library
    from index.references import Reference

# A block of fewer words says too little alone, so it joins its neighbour.
_MIN_WORDS = 20


class PassageKind(StrEnum):
    """Where a passage's words come from."""

    TEXT = "text"
    SUMMARY = "summary"
    REFERENCE = "reference"
    QUESTION = "question"
    """Not the library's words but how people ask for them: searched, never shown."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the library in its author's own words.

    Attributes:
        id: stable: it changes only when the text, the concept, the language or the depth does.
        level: the depth it belongs to; None for a page's summary, which belongs to all of them.
        text: the exact source text, Markdown included.
        sentences: spans of `text`.
        file: path relative to the content folder; `first_line` and `last_line` count from 1.
        url: the work that a reference passage summarises, as the page writes it; else None.
        work: the title of that work.
    """

    id: str
    slug: str
    lang: str
    level: Level | None
    kind: PassageKind
    title: str
    text: str
    sentences: tuple[Span, ...]
    file: str
    first_line: int
    last_line: int
    url: str | None = None
    work: str | None = None

    @property
    def context(self) -> str:
        """What the passage is about, in words: put before the text when it is embedded."""
        about = _context(self.title, self.level)
        return f"{about} {self.work}." if self.work else about

    @property
    def quotable(self) -> bool:
        """Whether its words are the library's, to be shown to readers."""
        return self.kind is not PassageKind.QUESTION

    def embedding_text(self) -> tuple[str, list[Span]]:
        """Return the words to embed, context first, and where each sentence stands in them."""
        if not self.quotable:
            # A question is compared with questions, so it stands alone.
            return self.text, []
        words = self.context
        spans: list[Span] = []
        for start, end in self.sentences:
            sentence = plain_text(self.text[start:end])
            begin = len(words) + 1
            words = f"{words} {sentence}" if sentence else words
            spans.append((min(begin, len(words)), len(words)))
        return words, spans


def cut_library(library: Library, *, count_tokens: CountTokens, window: int) -> Iterator[Passage]:
    """Yield every passage of a library, page by page in a fixed order.

    Args:
        library: the content.
        count_tokens: the embedding model's tokenizer.
        window: the most tokens that the model reads; a passage with its context is kept within it unless
            one sentence alone is longer.
    """
    asked = asked_by_page(library)
    for key, page in sorted(library.pages.items()):
        yield from cut_page(page, library, asked.get(key, ()), count_tokens=count_tokens, window=window)
    yield from outside_passages(library)


def asked_by_page(library: Library) -> dict[tuple[str, str], list[AskedQuestion]]:
    """Return how people ask for each page, by its language and slug."""
    asked: dict[tuple[str, str], list[AskedQuestion]] = {}
    for question in library.questions:
        asked.setdefault((question.lang, question.slug), []).append(question)
    return asked


def outside_passages(library: Library) -> Iterator[Passage]:
    """Yield the questions that no page answers, which stand after all pages."""
    for number, question in enumerate(item for item in library.questions if item.slug == OUTSIDE):
        yield Passage(
            id=f"{question.lang}/{OUTSIDE}/{number}",
            slug=OUTSIDE,
            lang=question.lang,
            level=None,
            kind=PassageKind.QUESTION,
            title=OUTSIDE,
            text=question.text,
            sentences=(),
            file=question.file,
            first_line=question.line,
            last_line=question.line,
        )


def cut_page(
    page: Page,
    library: Library,
    asked: Sequence[AskedQuestion] = (),
    *,
    count_tokens: CountTokens,
    window: int,
) -> list[Passage]:
    """Return the passages of one page: its summary, depths and cited works' summaries, and how people ask for it."""
    cutter = _Cutter(page, count_tokens, window, {}, [])
    if page.summary:
        line = page.line_of("summary")
        cutter.add(None, PassageKind.SUMMARY, page.summary, file=page.file, lines=(line, line))
    for level in Level:
        if tier := page.tiers.get(level):
            cutter.add_tier(tier)
    for source in page.sources:
        reference = library.reference(source)
        if reference is not None and reference.summary:
            cutter.add_reference(reference, source.url)
    for question in asked:
        lines = (question.line, question.line)
        cutter.add(None, PassageKind.QUESTION, question.text, file=question.file, lines=lines)
    return cutter.passages


@dataclass(slots=True)
class _Cutter:
    page: Page
    count_tokens: CountTokens
    window: int
    seen: dict[str, int]
    passages: list[Passage]

    def add(
        self,
        level: Level | None,
        kind: PassageKind,
        text: str,
        *,
        file: str,
        lines: tuple[int, int],
        url: str | None = None,
        work: str | None = None,
    ) -> None:
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        part = level.value if level else kind.value
        key = f"{self.page.lang}/{self.page.slug}/{part}/{digest}"
        self.seen[key] = self.seen.get(key, 0) + 1
        if self.seen[key] > 1:
            key = f"{key}-{self.seen[key]}"
        self.passages.append(
            Passage(
                id=key,
                slug=self.page.slug,
                lang=self.page.lang,
                level=level,
                kind=kind,
                title=self.page.title,
                text=text,
                sentences=tuple(sentence_spans(text)) if kind is not PassageKind.QUESTION else (),
                file=file,
                first_line=lines[0],
                last_line=lines[1],
                url=url,
                work=work,
            )
        )

    def add_tier(self, tier: Tier) -> None:
        for block in _merge(tier.blocks):
            for start, end in self._pieces(block.text, tier.level):
                first = block.first_line + block.text.count("\n", 0, start)
                last = block.first_line + block.text.count("\n", 0, end)
                self.add(
                    tier.level,
                    PassageKind.TEXT,
                    block.text[start:end],
                    file=self.page.file,
                    lines=(first, last),
                )

    def add_reference(self, reference: Reference, url: str) -> None:
        self.add(
            Level.ADVANCED,
            PassageKind.REFERENCE,
            reference.summary,
            file=reference.file,
            lines=(reference.first_line, reference.last_line),
            url=url,
            work=reference.title,
        )

    def _pieces(self, text: str, level: Level) -> list[Span]:
        """Cut a block that is longer than the window between sentences, into pieces of about equal length."""
        # Two special tokens, and the context in front of every passage.
        room = self.window - 2 - self.count_tokens(_context(self.page.title, level))
        return cut_text(text, room, self.count_tokens)


def _context(title: str, level: Level | None) -> str:
    return f"{title} ({level.label})." if level else f"{title}."


def _merge(blocks: tuple[Block, ...]) -> list[Block]:
    """Join headings and short blocks to what follows, and a short last block to what precedes it.

    Only neighbours are joined: where a picture or a list of works stood between, the text would not be the page's.
    """
    merged: list[Block] = []
    waiting: Block | None = None
    for block in blocks:
        if block.kind is BlockKind.IMAGE:
            continue
        if waiting is not None and not _adjacent(waiting, block):
            _close(waiting, merged)
            waiting = None
        joined = _join(waiting, block) if waiting is not None else block
        wants_more = len(joined.text.split()) < _MIN_WORDS or joined.text.rstrip().endswith(":")
        if block.kind is BlockKind.HEADING or wants_more:
            waiting = joined
        else:
            merged.append(joined)
            waiting = None
    if waiting is not None:
        _close(waiting, merged)
    return merged


def _close(waiting: Block, merged: list[Block]) -> None:
    """Add a block that found nothing to join after it."""
    if merged and _adjacent(merged[-1], waiting):
        merged[-1] = _join(merged[-1], waiting)
    elif waiting.kind is not BlockKind.HEADING or "\n" in waiting.text:
        # A heading above a picture, alone, says nothing.
        merged.append(waiting)


def _adjacent(first: Block, second: Block) -> bool:
    return second.number == first.number + 1


def _join(first: Block, second: Block) -> Block:
    lines = second.first_line - first.last_line
    return Block(first.kind, first.text + "\n" * lines + second.text, first.first_line, second.number)
