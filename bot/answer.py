"""What the explainer says, before anyone decides how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from index.generation import Concept, ConceptSource
from index.levels import Level
from index.passages import Passage
from index.search_result import RankedConcept
from index.sentences import Span


@dataclass(frozen=True, slots=True)
class Question:
    """What someone asks.

    Attributes:
        text: the question in their own words.
        level: the depth they want.
        turns: what they asked before in the same conversation, oldest first.
        lang: the language they want the page in.
    """

    text: str
    level: Level
    turns: tuple[str, ...] = ()
    lang: str = "en"


class Outcome(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    NOT_COVERED = "not covered"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage as it is quoted; `source` is the work that it summarises, at the Advanced depth."""

    passage: Passage
    source: ConceptSource | None = None


@dataclass(frozen=True, slots=True)
class Highlight:
    """The sentence that answers best: the number of its quote, and its span in the passage's text."""

    quote: int
    span: Span


@dataclass(frozen=True, slots=True)
class Topic:
    """A concept by name."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The library's answer to a question, or an honest word that it has none.

    Attributes:
        question: the question as it was asked.
        outcome: whether the library covers it.
        confidence: the probability, 0 to 1, that `concept` is what was asked about.
        ranked: the concepts that fit, best first.
        level: the depth of the passages; differs from the one asked for when the page lacks that one.
        concept: the page that answers; None unless answered.
        quotes: its passages, in the order to read them.
        omitted: how many passages of this depth were left out to keep the answer short.
        highlight: the sentence that answers best.
        sources: every work that the page links to.
        related: neighbouring concepts; for a question not covered, the nearest topics, if any is near.
        generation: the generation that this came from.
        beside: the other concept of a comparison, as an answer of its own at the same depth.
        compared: for a comparison that one page answers, the subject that no page covers, if any; None otherwise.
        digest: six characters that change with the words of the page; empty without one.
    """

    question: Question
    outcome: Outcome
    confidence: float
    ranked: tuple[RankedConcept, ...]
    level: Level
    concept: Concept | None
    quotes: tuple[Quote, ...]
    omitted: int
    highlight: Highlight | None
    sources: tuple[ConceptSource, ...]
    related: tuple[Topic, ...]
    generation: str
    beside: Answer | None = None
    compared: str | None = None
    digest: str = ""

    @property
    def sides(self) -> tuple[Answer, ...]:
        """The answer for each concept that is shown: two for a comparison, else itself."""
        return (self,) if self.beside is None else (self, self.beside)

    @property
    def all_sources(self) -> tuple[ConceptSource, ...]:
        """Every work that the pages of all sides link to, each once."""
        return tuple({source.url: source for side in self.sides for source in side.sources}.values())

    @property
    def answered(self) -> bool:
        """Whether the library covers the question."""
        return self.outcome is Outcome.ANSWERED

    @property
    def level_missing(self) -> bool:
        """Whether the page lacks the depth asked for, so that the nearest one is shown."""
        return self.answered and self.level is not self.question.level

    @property
    def language_missing(self) -> bool:
        """Whether the page is not written in the language asked for."""
        return self.concept is not None and self.concept.lang != self.question.lang
