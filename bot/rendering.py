"""An answer as text blocks that fit into one Discord message, whatever the library holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answer import Answer, Quote
from bot.markup import discord_text, escape, link, mark, shorten, without_mentions
from bot.paging import pages
from index.generation import ConceptSource
from index.levels import Level
from index.sentences import Span

MAX_TEXT = 4_000
"""What Discord allows in all text of a message with components."""

# Room left for what views add around the blocks: labels, footers, Discord's own counting of markup.
_BUDGET = 3_800
_MAX_QUESTION = 200
_MAX_TITLE = 120
_MAX_AUTHORS = 3
# Room for the line that says which page this is.
_PAGE_LINE = 40


@dataclass(frozen=True, slots=True)
class Card:
    """What a message shows: a heading, the question it answers, the blocks of text, and small print.

    `page` counts from 1 where the text is one of several pages (`of`), and is 0 where it is a choice of the
    passages that fit best; `more` says that the page has more than is shown.
    """

    heading: str
    question: str
    blocks: tuple[str, ...]
    footer: str
    page: int = 0
    of: int = 1
    more: bool = False

    @property
    def length(self) -> int:
        """How many characters of text it has."""
        return sum(len(part) for part in (self.heading, self.question, self.footer, *self.blocks))


def answer_card(answer: Answer, *, page: int = 0, notes: Sequence[str] = ()) -> Card:
    """Return an answer's passages, best sentence in bold, with a plain word where anything is not as asked for.

    Args:
        answer: the answer.
        page: 0 for the passages that fit best; from 1, a page of an answer that holds a depth as a whole.
        notes: what else to say above the passages.
    """
    if answer.concept is None:
        return _not_covered(answer)
    heading = _heading(answer.concept.title, answer.level)
    question = _question_line(answer.question.text)
    footer = _provenance(answer)
    said = [*notes, *_notes(answer)]
    room = _BUDGET - len(heading) - len(question) - len(footer) - sum(map(len, said)) - _PAGE_LINE
    texts = pages(_quotes(answer), room)
    if page:
        page = min(page, len(texts))
        if len(texts) > 1:
            said.append(f"-# Page {page} of {len(texts)}.")
    elif len(texts) > 1 and not answer.omitted:
        said.append("-# The beginning; it goes on.")
    # One text with blank lines between its paragraphs: apart they would stand without any space.
    block = texts[max(0, page - 1)]
    more = not page and (bool(answer.omitted) or len(texts) > 1)
    return Card(heading, question, tuple(item for item in (*said, block) if item), footer, page, len(texts), more)


def sources_card(answer: Answer, *, page: int = 1, notes: Sequence[str] = ()) -> Card:
    """Return the list of everything that the answer's page links to, or one page of it."""
    if answer.concept is None:
        return _not_covered(answer)
    heading = _heading(answer.concept.title, None, "Sources")
    question = _question_line(answer.question.text)
    footer = _provenance(answer)
    room = _BUDGET - len(heading) - len(question) - len(footer) - sum(map(len, notes)) - _PAGE_LINE
    lines = [f"{number}. {source_line(source)}" for number, source in enumerate(answer.sources, start=1)]
    texts = pages(lines or ["This page lists no sources yet."], room, gap="\n")
    page = min(max(1, page), len(texts))
    which = (f"-# Page {page} of {len(texts)}.",) if len(texts) > 1 else ()
    return Card(heading, question, (*notes, *which, texts[page - 1]), footer, page, len(texts))


def source_line(source: ConceptSource) -> str:
    """Return one source as a link with authors and year where they are known."""
    title = shorten(without_mentions(source.title or source.url), _MAX_TITLE * 2)
    made = made_by(source)
    return f"{link(title, source.url)}{f' · {escape(made)}' if made else ''}"


def made_by(source: ConceptSource) -> str:
    """Return who made a work and when, such as `Turner et al., 2019`; empty when neither is known."""
    names = list(source.authors)
    if len(names) > _MAX_AUTHORS:
        names = [names[0], "et al."]
    if names and names[-1].startswith("et al"):
        people = f"{', '.join(names[:-1])} {names[-1]}"
    else:
        people = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return ", ".join(part for part in (shorten(people, _MAX_TITLE), str(source.year or "")) if part)


def _heading(title: str, level: Level | None, view: str = "") -> str:
    return f"## {escape(shorten(title, _MAX_TITLE))}\n-# {level.label if level else view}"


def _question_line(question: str) -> str:
    return f"-# You asked: {escape(shorten(question, _MAX_QUESTION))}" if question else ""


def _notes(answer: Answer) -> list[str]:
    notes: list[str] = []
    if answer.level_missing:
        notes.append(
            f"-# This page has no {answer.question.level.label} part yet; "
            f"here is the nearest depth, {answer.level.label}."
        )
    if answer.concept is not None and answer.language_missing:
        notes.append(f"-# This page is not written in your language yet; here it is in {answer.concept.lang.upper()}.")
    if answer.omitted:
        what = "passage" if answer.omitted == 1 else "passages"
        notes.append(f"-# The parts that fit your question best; {answer.omitted} more {what} on this page.")
    return notes


def _quotes(answer: Answer) -> list[str]:
    """Return the quotes as Discord text."""
    highlight = answer.highlight
    return [
        _quote(quote, highlight.span if highlight is not None and highlight.quote == number else None)
        for number, quote in enumerate(answer.quotes)
    ]


def _quote(quote: Quote, span: Span | None) -> str:
    text = discord_text(mark(quote.passage.text, span) if span else quote.passage.text)
    if quote.source is None:
        return text
    title = shorten(without_mentions(quote.source.title or quote.source.url), _MAX_TITLE * 2)
    made = made_by(quote.source)
    return f"**{link(title, quote.source.url)}**{f' · {escape(made)}' if made else ''}\n{text}"


def _provenance(answer: Answer) -> str:
    """Say which file and lines the words came from, and which generation."""
    if not answer.quotes:
        return f"-# {escape(shorten(answer.concept.file, _MAX_TITLE))}" if answer.concept else ""
    own = [quote.passage for quote in answer.quotes if quote.source is None] or [answer.quotes[0].passage]
    lines = f"{min(item.first_line for item in own)}-{max(item.last_line for item in own)}"
    when = answer.generation.split("T")[0]
    day = f"{when[:4]}-{when[4:6]}-{when[6:8]}"
    return f"-# From {escape(shorten(own[0].file, _MAX_TITLE))}, lines {escape(lines)} · library of {escape(day)}"


def _not_covered(answer: Answer) -> Card:
    if answer.question.text.strip() and answer.outcome.value == "not covered":
        heading = "## The library does not cover this"
        body = "No page here answers that well enough to quote. " + (
            "These are the nearest topics; one of them may be what you mean." if answer.related else ""
        )
    else:
        heading = "## Ask in your own words"
        body = "I explain ideas from AI safety, for example: what is instrumental convergence?"
    return Card(heading, _question_line(answer.question.text), (body.strip(),), "")
