"""Thousands of answers over the whole library: within Discord's limits, in the page's words, with every link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from bot.answer import Answer, Question
from bot.evaluation.questions import read_evaluation
from bot.explainer import Explainer
from bot.language import FALLBACK, NAMES, speak
from bot.rendering import answer_cards
from bot.views.answer_rows import Shown
from bot.views.answer_view import answer_view, sources_view
from index.embedding import Encoder
from index.generation import Concept
from index.generation_store import GenerationStore
from index.levels import Level
from index.library import Library, read_library
from index.search import Searcher
from index.search_result import SearchResult
from tests.conftest import REPOSITORY
from tests.support.answer_checks import link_problems, place_problems, shown_texts, view_problems, word_problems

USER = 2**64 - 1
PING = "@everyone @here <@1> <@!2> <@&3> <#4>"
QUESTIONS = REPOSITORY / "tests" / "eval"


class RememberingSearcher(Searcher):
    """Searches once for what is asked at several depths, which does not depend on the depth."""

    @cache  # noqa: B019  # it lives as long as this module's tests
    def search(self, *args: Any, **options: Any) -> SearchResult:
        return super().search(*args, **options)


@dataclass
class Checker:
    """Judges answers as they are sent, each in the next of the bot's languages, and counts them."""

    explainer: Explainer
    library: Library
    folder: Path
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    languages: Iterator[str] = field(default_factory=lambda: cycle(NAMES))

    @property
    def concepts(self) -> list[Concept]:
        return list(self.explainer.generation.concepts.values())

    def check(self, kind: str, answer: Answer | None, *, sources: bool = False) -> None:
        """Judge an answer, on all its pages if it holds a depth as a whole, and, if wanted, its sources."""
        assert answer is not None
        self.counts[kind] += 1
        speak(next(self.languages))
        where = f"{kind}, {answer.level}: {answer.question.text}"
        found = self._whole(answer) if kind == "whole" else self._message(answer)
        found += [problem for side in answer.sides for problem in place_problems(side.quotes, self.folder)]
        if sources:
            found += self._sources(answer)
        self.problems += [f"{where}: {problem}" for problem in found]

    def _message(self, answer: Answer) -> list[str]:
        view = answer_view(answer, USER, Shown(thread=True, offer_level=True, notes=("-# Something first.",)))
        problems = view_problems(view)
        if answer.concept is None:
            return problems
        texts = shown_texts(view)
        assert len(texts) == len(answer.sides)
        cards = answer_cards(answer, notes=("-# Something first.",))
        for side, card, text in zip(answer.sides, cards, texts, strict=True):
            # Only an answer that says so goes on elsewhere.
            ends = card.of == 1
            problems += word_problems(side, [text], whole=ends)
            if ends:
                problems += link_problems(*_linked(side), [text])
        return problems

    def _whole(self, answer: Answer) -> list[str]:
        problems, texts, count = [], [], answer_cards(answer, page=1)[0].of
        for page in range(1, count + 1):
            view = answer_view(answer, USER, Shown(page=page, thread=True, offer_level=True))
            problems += view_problems(view)
            texts += shown_texts(view)
        self.counts["pages"] += count
        return problems + word_problems(answer, texts, whole=True) + link_problems(*_linked(answer), texts)

    def _sources(self, answer: Answer) -> list[str]:
        problems, texts, page, more = [], [], 1, True
        while more:
            view = sources_view(answer, USER, Shown(page=page))
            self.counts["sources"] += 1
            problems += view_problems(view)
            texts += shown_texts(view)
            page, more = page + 1, _can_turn(view, page)
        pages = [self.library.page(side.concept.slug) for side in answer.sides if side.concept]
        return problems + link_problems([], [source.url for page in pages if page for source in page.sources], texts)


def _linked(answer: Answer) -> tuple[list[str], list[str]]:
    own = [quote.passage.text for quote in answer.quotes]
    return own, [quote.source.url for quote in answer.quotes if quote.source]


def _can_turn(view: Any, page: int) -> bool:
    """Say whether a button leads to the next page."""
    buttons = [item for item in view.walk_children() if getattr(item, "custom_id", None)]
    return len(buttons) > 1 and not buttons[-1].disabled and page < 99


@pytest.fixture(scope="module")
def explainer(library_state: Path, query_encoder: Encoder) -> Explainer:
    generation = GenerationStore(library_state).open_best()
    assert generation is not None
    return Explainer(RememberingSearcher(generation, query_encoder))


@pytest.fixture
def checker(explainer: Explainer, library_content: Path) -> Iterator[Checker]:
    yield Checker(explainer, read_library(library_content), library_content)
    speak(FALLBACK)


def test_no_answer_breaks_a_limit_loses_a_link_alters_words_or_pings(checker: Checker) -> None:
    explainer, concepts, levels = checker.explainer, checker.concepts, cycle(Level)
    for concept, other in zip(concepts, [*concepts[1:], concepts[0]], strict=True):
        for level in Level:
            asked = Question(f"{concept.title} {PING}", level)
            # The list of sources is the same for all depths.
            sources = level is Level.ADVANCED
            checker.check("shown", explainer.show(concept.slug, asked), sources=sources)
            checker.check("whole", explainer.show(concept.slug, asked, whole=True))
            checker.check("beside", explainer.show(concept.slug, asked, beside=other.slug), sources=sources)
    for item in read_evaluation(QUESTIONS):
        checker.check("asked", explainer.explain(Question(item.text, next(levels), item.turns)))
    answers = sum(checker.counts[kind] for kind in ("shown", "whole", "beside", "asked"))
    assert answers >= 2_000, checker.counts
    assert not checker.problems, "\n\n".join([f"{len(checker.problems)} of {checker.counts}", *checker.problems])
    assert checker.counts["pages"] > checker.counts["whole"], "some depths take several pages"


def test_the_check_notices_what_it_is_there_for(checker: Checker) -> None:
    asked = Question("what is instrumental convergence?", Level.ADVANCED)
    answer = checker.explainer.show("instrumental-convergence", asked, whole=True)
    assert answer is not None
    page = replace(answer.quotes[0].passage, text=f"{answer.quotes[0].passage.text} It is invented. @\u200beveryone")
    assert "does not say" in place_problems([replace(answer.quotes[0], passage=page)], checker.folder)[0]
    texts = shown_texts(answer_view(answer, USER, Shown(page=1)))
    assert word_problems(answer, texts, whole=False) == []
    assert word_problems(answer, [texts[0].replace(" almost ", " every ").replace(" was ", " is ")], whole=False)
    assert word_problems(answer, texts[:1], whole=True), "the first page is not the whole"
    assert link_problems(*_linked(answer), [texts[0][:200]])
