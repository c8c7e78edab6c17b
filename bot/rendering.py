"""An answer as text blocks that fit into one Discord message, whatever the library holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answer import Answer, Outcome, Quote
from bot.enumeration import and_between
from bot.language import NAMES, ngettext
from bot.language import gettext as _
from bot.level_names import level_name
from bot.markup import discord_text, escape, link, mark, shorten, without_mentions
from bot.paging import pages
from bot.passage_choice import fair_shares
from index.generation import ConceptSource
from index.levels import Level
from index.sentences import Span

MAX_TEXT = 4_000
"""What Discord allows in all text of a message with components."""

# Room left for what views add around the blocks: labels, footers, Discord's own counting of markup.
_BUDGET = 3_800
# What is kept for the line that says that something was left out.
_SPARE = 100
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


def answer_cards(answer: Answer, *, page: int = 0, notes: Sequence[str] = ()) -> tuple[Card, ...]:
    """Return a card for each side of an answer, as `answer_card` does; together they fit into one message."""
    return _fitted(answer, answer_card, page, notes)


def sources_cards(answer: Answer, *, page: int = 1, notes: Sequence[str] = ()) -> tuple[Card, ...]:
    """Return the list of sources of each side of an answer; together they fit into one message."""
    return _fitted(answer, sources_card, page, notes)


class _MakesCard(Protocol):
    def __call__(self, answer: Answer, budget: int = ..., *, page: int = ..., notes: Sequence[str] = ()) -> Card: ...


def _fitted(answer: Answer, card: _MakesCard, page: int, notes: Sequence[str]) -> tuple[Card, ...]:
    if answer.beside is None:
        return (card(answer, page=page, notes=notes),)
    # The question and what is to be said above stand once, before both; two sides do not turn pages.
    other = replace(answer.beside, question=replace(answer.question, text=""))
    rooms = fair_shares([card(side).length + _SPARE for side in (answer, other)], _BUDGET)
    first = card(answer, rooms[0], notes=notes)
    # The question's own words are in what `first` takes, so a little may be left for the other.
    return first, card(other, min(rooms[1], _BUDGET - first.length))


def answer_card(answer: Answer, budget: int = _BUDGET, *, page: int = 0, notes: Sequence[str] = ()) -> Card:
    """Return an answer's passages, best sentence in bold, with a plain word where anything is not as asked for.

    Args:
        answer: the answer.
        budget: how many characters the card may take.
        page: 0 for the passages that fit best; from 1, a page of an answer that holds a depth as a whole.
        notes: what else to say above the passages.
    """
    if answer.concept is None:
        return _not_covered(answer, notes)
    heading = _heading(answer.concept.title, answer.level)
    question = _question_line(answer.question.text)
    footer = _provenance(answer)
    said = [*notes, *_notes(answer)]
    room = budget - len(heading) - len(question) - len(footer) - sum(map(len, said)) - _PAGE_LINE
    texts = pages(_quotes(answer), room)
    if page:
        page = min(page, len(texts))
        if len(texts) > 1:
            said.append(f"-# {_page_line(page, len(texts))}")
    elif len(texts) > 1 and not answer.omitted:
        said.append(f"-# {_('The beginning; it goes on.')}")
    # One text with blank lines between its paragraphs: apart they would stand without any space.
    block = texts[max(0, page - 1)]
    more = not page and (bool(answer.omitted) or len(texts) > 1)
    return Card(heading, question, tuple(item for item in (*said, block) if item), footer, page, len(texts), more)


def sources_card(answer: Answer, budget: int = _BUDGET, *, page: int = 1, notes: Sequence[str] = ()) -> Card:
    """Return the list of everything that the answer's page links to, or one page of it."""
    if answer.concept is None:
        return _not_covered(answer, notes)
    heading = _heading(answer.concept.title, None, _("Sources"))
    question = _question_line(answer.question.text)
    footer = _provenance(answer)
    room = budget - len(heading) - len(question) - len(footer) - sum(map(len, notes)) - _PAGE_LINE
    lines = [f"{number}. {source_line(source)}" for number, source in enumerate(answer.sources, start=1)]
    texts = pages(lines or [_("This page lists no sources yet.")], room, gap="\n")
    page = min(max(1, page), len(texts))
    which = (f"-# {_page_line(page, len(texts))}",) if len(texts) > 1 else ()
    return Card(heading, question, (*notes, *which, texts[page - 1]), footer, page, len(texts))


def _page_line(page: int, count: int) -> str:
    return _("Page {page} of {count}.").format(page=page, count=count)


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
    with_others = bool(names) and names[-1].startswith("et al")
    people = f"{', '.join(names[:-1])} {names[-1]}" if with_others else and_between(names)
    return ", ".join(part for part in (shorten(people, _MAX_TITLE), str(source.year or "")) if part)


def _heading(title: str, level: Level | None, view: str = "") -> str:
    return f"## {escape(shorten(title, _MAX_TITLE))}\n-# {level_name(level) if level else view}"


def _question_line(question: str) -> str:
    return f"-# {_('You asked')}: {escape(shorten(question, _MAX_QUESTION))}" if question else ""


def _notes(answer: Answer) -> list[str]:
    notes: list[str] = []
    if answer.compared and answer.concept is not None:
        text = _("The library covers only one side of this comparison: it has no page about “{subject}”.")
        notes.append(f"-# {text.format(subject=escape(shorten(answer.compared, _MAX_TITLE)))}")
    elif answer.compared is not None:
        notes.append(f"-# {_('In this library both sides of this comparison are explained on one page.')}")
    if answer.level_missing:
        text = _("This page has no {wanted} part yet; here is the nearest depth, {level}.")
        notes.append(f"-# {text.format(wanted=level_name(answer.question.level), level=level_name(answer.level))}")
    if answer.concept is not None and answer.language_missing:
        language = NAMES.get(answer.concept.lang, answer.concept.lang.upper())
        text = _("This page is not written in your language yet; here it is in {language}.")
        notes.append(f"-# {text.format(language=language)}")
    if answer.omitted:
        text = ngettext(
            "The parts that fit your question best; {count} more passage on this page.",
            "The parts that fit your question best; {count} more passages on this page.",
            answer.omitted,
        )
        notes.append(f"-# {text.format(count=answer.omitted)}")
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
    where = _("From {file}, lines {lines} · library of {day}").format(
        file=escape(shorten(own[0].file, _MAX_TITLE)), lines=escape(lines), day=escape(day)
    )
    return f"-# {where}"


def _not_covered(answer: Answer, notes: Sequence[str]) -> Card:
    heading = _("The library does not cover this")
    if answer.outcome is not Outcome.NOT_COVERED:
        heading = _("Ask in your own words")
        body = _("I explain ideas from AI safety, for example: what is instrumental convergence?")
    elif answer.related:
        nearest = _("These are the nearest topics; one of them may be what you mean.")
        body = f"{_('No page here answers that well enough to quote.')} {nearest}"
    else:
        body = _(
            "Nothing here comes near it: I explain ideas from AI safety. Ask in your own words, for example: "
            "*why would an AI resist being switched off?* `/topics` shows everything I can explain, "
            "`/help` what else I do."
        )
    return Card(f"## {heading}", _question_line(answer.question.text), (*notes, body), "")
