"""What members see keeps to Discord's limits, whatever a library holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import Answer, Outcome, Question, Quote, Topic
from bot.neighbours import Neighbours
from bot.storage.feedback import Verdict
from bot.terms import MAX_TERMS, Terms, Unknown
from bot.views.answer_rows import Shown
from bot.views.answer_view import answer_view, sources_view
from bot.views.custom_ids import Action, ButtonState, slug_key
from bot.views.feedback_panel import feedback_panel, thanks_view
from bot.views.related_view import related_view
from bot.views.terms_view import terms_view
from index.generation import Concept, ConceptSource
from index.levels import Level
from index.passages import Passage, PassageKind
from index.sentences import sentence_spans
from tests.discord.judge import limit_problems

USER = 2**64 - 1
NASTY = st.one_of(
    st.text(min_size=1, max_size=200).filter(str.strip),
    st.sampled_from(["_*~" * 80, "@everyone " * 30, "A long title about kettles " * 10, "x" * 300]),
)
SOURCES = st.builds(
    ConceptSource,
    url=st.integers(0, 10**6).map(lambda number: f"https://example.org/{'long/' * 20}{number}"),
    title=st.one_of(st.none(), NASTY),
    authors=st.lists(NASTY, max_size=4).map(tuple),
    year=st.one_of(st.none(), st.integers(1900, 2030)),
)
CONCEPTS = st.builds(
    Concept,
    slug=st.from_regex(r"[a-z0-9-]{1,60}", fullmatch=True),
    lang=st.just("en"),
    title=NASTY,
    summary=NASTY.map(lambda text: text * 4),
    aliases=st.just(()),
    tags=st.just(()),
    requires=st.just(()),
    related=st.just(()),
    levels=st.sampled_from([(Level.BASIC,), tuple(Level)]),
    sources=st.lists(SOURCES, max_size=60).map(tuple),
    file=NASTY,
)


def several(least: int, most: int) -> st.SearchStrategy[tuple[Concept, ...]]:
    unique = st.lists(CONCEPTS, min_size=least, max_size=most, unique_by=lambda concept: concept.slug)
    return unique.map(tuple)


def problems(view: Any) -> list[str]:
    return limit_problems("/channels/1/messages", {"components": view.to_components(), "flags": 1 << 15})


def passage(text: str) -> Passage:
    spans = tuple(sentence_spans(text))
    return Passage("id", "s", "en", Level.BASIC, PassageKind.TEXT, "t", text, spans, "en/s.md", 1, 2)


def answer_of(concept: Concept, question: str, texts: list[str]) -> Answer:
    level = concept.levels[-1]
    quotes = tuple(Quote(passage(text)) for text in texts)
    asked = Question(question, level)
    topics = tuple(Topic(f"topic-{number}", concept.title) for number in range(5))
    found = Answer(
        asked, Outcome.ANSWERED, 1, (), level, concept, quotes, 3, None, concept.sources, topics, "20260101T0"
    )
    return replace(found, digest="0a1b2c")


@settings(max_examples=20, deadline=None)
@given(CONCEPTS, NASTY, st.lists(NASTY.map(lambda text: f"{text}. " * 9), min_size=1, max_size=9), st.integers(0, 9))
def test_answers_sources_and_feedback(concept: Concept, question: str, texts: list[str], page: int) -> None:
    answer = answer_of(concept, question, texts)
    shown = Shown(page=page, thread=True, offer_level=True, notes=("-# Something to say first.",))
    assert problems(answer_view(answer, USER, shown)) == []
    assert problems(sources_view(answer, USER, shown)) == []
    state = ButtonState(Action.FEEDBACK, answer.level, "en", USER, slug_key(concept.slug), seen="0a1b2c")
    line = "-# You asked: something"
    assert problems(feedback_panel(concept, state, line, USER)) == []
    for verdict in Verdict:
        assert problems(thanks_view(concept, verdict, state, line, answer.related)) == []


@settings(max_examples=20, deadline=None)
@given(CONCEPTS, several(15, 15))
def test_related(concept: Concept, others: tuple[Concept, ...]) -> None:
    around = Neighbours(others[:5], others[5:10], others[10:])
    assert problems(related_view(answer_of(concept, "why?", ["Because."]), around, USER, Shown())) == []


@settings(max_examples=20, deadline=None)
@given(several(0, 8), st.lists(NASTY.map(lambda text: text[:100]), max_size=MAX_TERMS), several(0, 2))
def test_terms(found: tuple[Concept, ...], unknown: list[str], nearest: tuple[Concept, ...]) -> None:
    missing = tuple(Unknown(term, nearest) for term in unknown)
    assert problems(terms_view(Terms(found[: 8 - len(missing)], missing), Level.BASIC, "en", USER)) == []
    assert problems(terms_view(Terms((), nearest=found[:5]), Level.BASIC, "en", 0)) == []
