"""An answer as text blocks that fit into one Discord message, whatever the library holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.answer import Answer, Quote
from bot.language import NAMES, ngettext
from bot.language import gettext as _
from bot.level_names import level_name
from bot.markup import discord_text, escape, link, mark, shorten, without_mentions
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


@dataclass(frozen=True, slots=True)
class Card:
    """What a message shows: a heading, the question it answers, the blocks of text, and small print."""

    heading: str
    question: str
    blocks: tuple[str, ...]
    footer: str

    @property
    def length(self) -> int:
        """How many characters of text it has."""
        return sum(len(part) for part in (self.heading, self.question, self.footer, *self.blocks))


def answer_cards(answer: Answer) -> tuple[Card, ...]:
    """Return a card for each side of an answer; all of them together fit into one message."""
    return _fitted(answer, answer_card)


def sources_cards(answer: Answer) -> tuple[Card, ...]:
    """Return the list of sources of each side of an answer; all of them together fit into one message."""
    return _fitted(answer, sources_card)


def _fitted(answer: Answer, card: Callable[[Answer, int], Card]) -> tuple[Card, ...]:
    if answer.beside is None:
        return (card(answer, _BUDGET),)
    # The question stands once, above both.
    sides = (answer, replace(answer.beside, question=replace(answer.question, text="")))
    rooms = fair_shares([card(side, _BUDGET).length + _SPARE for side in sides], _BUDGET)
    return tuple(card(side, room) for side, room in zip(sides, rooms, strict=True))


def answer_card(answer: Answer, budget: int = _BUDGET) -> Card:
    """Return an answer's passages, best sentence in bold, with a plain word where anything is not as asked for."""
    if answer.concept is None:
        return _not_covered(answer)
    heading = _heading(answer.concept.title, answer.level)
    question = _question_line(answer.question.text)
    footer = _provenance(answer)
    notes = _notes(answer)
    room = budget - len(heading) - len(question) - len(footer) - sum(map(len, notes))
    quotes, cut = _quotes(answer, room - _SPARE)
    if cut:
        quotes.append(f"-# {_('Cut short to fit one message; the rest is on the page.')}")
    # One text with blank lines between its paragraphs: apart they would stand without any space.
    return Card(heading, question, (*notes, "\n\n".join(quotes)), footer)


def sources_card(answer: Answer, budget: int = _BUDGET) -> Card:
    """Return the list of everything that the answer's page links to."""
    if answer.concept is None:
        return _not_covered(answer)
    heading = _heading(answer.concept.title, None, _("Sources"))
    question = _question_line(answer.question.text)
    footer = _provenance(answer)
    room = budget - len(heading) - len(question) - len(footer) - _SPARE
    lines: list[str] = []
    for number, source in enumerate(answer.sources, start=1):
        line = f"{number}. {source_line(source)}"
        if sum(len(item) + 1 for item in lines) + len(line) > room:
            more = len(answer.sources) - len(lines)
            rest = ngettext("and {count} more on the page", "and {count} more on the page", more)
            lines.append(f"-# {rest.format(count=more)}")
            break
        lines.append(line)
    block = "\n".join(lines) or _("This page lists no sources yet.")
    return Card(heading, question, (block,), footer)


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
    return f"## {escape(shorten(title, _MAX_TITLE))}\n-# {level_name(level) if level else view}"


def _question_line(question: str) -> str:
    return f"-# {_('You asked')}: {escape(shorten(question, _MAX_QUESTION))}" if question else ""


def _notes(answer: Answer) -> list[str]:
    notes: list[str] = []
    if answer.compared and answer.concept is not None:
        notes.append(
            f"-# The library covers only one side of this comparison: it has no page about "
            f"“{escape(shorten(answer.compared, _MAX_TITLE))}”."
        )
    elif answer.compared is not None:
        notes.append("-# In this library both sides of this comparison are explained on one page.")
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


def _quotes(answer: Answer, room: int) -> tuple[list[str], bool]:
    """Return the quotes as Discord text, and whether anything had to be cut to fit."""
    blocks: list[str] = []
    for number, quote in enumerate(answer.quotes):
        highlight = answer.highlight
        span = highlight.span if highlight is not None and highlight.quote == number else None
        block = _quote(quote, span)
        left = room - sum(len(item) + 2 for item in blocks)
        if len(block) > left:
            if left > _MAX_QUESTION or not blocks:
                blocks.append(shorten(block, max(left, _MAX_QUESTION)))
            return blocks, True
        blocks.append(block)
    return blocks, False


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


def _not_covered(answer: Answer) -> Card:
    if answer.question.text.strip() and answer.outcome.value == "not covered":
        heading = f"## {_('The library does not cover this')}"
        nearest = _("These are the nearest topics; one of them may be what you mean.") if answer.related else ""
        body = f"{_('No page here answers that well enough to quote.')} {nearest}"
    else:
        heading = f"## {_('Ask in your own words')}"
        body = _("I explain ideas from AI safety, for example: what is instrumental convergence?")
    return Card(heading, _question_line(answer.question.text), (body.strip(),), "")
