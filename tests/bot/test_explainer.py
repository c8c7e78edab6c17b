from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answer import Outcome, Question
from bot.explainer import Explainer, clean_question
from bot.rendering import MAX_TEXT, answer_card, sources_card
from bot.watching.observer import Observer
from bot.watching.timed_search import TimedSearcher
from index.build import build_generation
from index.embedding import Encoder, ModelFiles, SentenceTransformerEncoder
from index.generation_store import GenerationStore
from index.levels import Level
from index.passages import PassageKind
from index.search import Searcher
from tests.support.pages import write_library


@pytest.fixture(scope="module")
def explainer(library_state: Path, query_encoder: Encoder) -> Explainer:
    generation = GenerationStore(library_state).open_best()
    assert generation is not None
    return Explainer(Searcher(generation, query_encoder))


def explainer_of(content: Path, state: Path, model: ModelFiles, encoder: SentenceTransformerEncoder) -> Explainer:
    build_generation(content, state, model, load=lambda *_, **__: encoder)
    generation = GenerationStore(state).open_best()
    assert generation is not None
    return Explainer(Searcher(generation, encoder))


@pytest.mark.parametrize("level", list(Level))
def test_every_page_answers_its_title_at_every_level(explainer: Explainer, level: Level) -> None:
    wrong = []
    for concept in explainer.generation.concepts.values():
        answer = explainer.explain(Question(concept.title, level))
        if not answer.answered or answer.concept is None or answer.concept.slug != concept.slug:
            wrong.append(concept.slug)
    assert wrong == []


@pytest.mark.parametrize("lang", ["de", "es"])
def test_an_english_question_is_found_whatever_language_the_reader_prefers(explainer: Explainer, lang: str) -> None:
    text = "why would a model pretend during training that it shares the goals it is being trained on"
    english = explainer.explain(Question(text, Level.BASIC))
    other = explainer.explain(Question(text, Level.BASIC, lang=lang))
    assert other.confidence == pytest.approx(english.confidence, abs=1e-4)
    assert other.ranked[0].slug == english.ranked[0].slug
    assert other.ranked[0].score == pytest.approx(english.ranked[0].score, abs=1e-3)


def test_the_words_are_the_pages_own(explainer: Explainer, library_content: Path) -> None:
    for concept in explainer.generation.concepts.values():
        for level in Level:
            answer = explainer.show(concept.slug, Question("", level))
            assert answer is not None
            for quote in answer.quotes:
                text = (library_content / quote.passage.file).read_text(encoding="utf-8")
                if quote.passage.kind is PassageKind.TEXT:
                    assert quote.passage.text in text
                    lines = text.split("\n")[quote.passage.first_line - 1 : quote.passage.last_line]
                    assert quote.passage.text in "\n".join(lines)
                else:
                    assert " ".join(quote.passage.text.split()) in " ".join(text.split())


def test_every_answer_fits_a_message_and_keeps_its_sources(explainer: Explainer) -> None:
    for concept in explainer.generation.concepts.values():
        for level in Level:
            answer = explainer.show(concept.slug, Question("why does this matter to anyone at all?", level))
            assert answer is not None
            assert answer_card(answer).length <= MAX_TEXT
            card = sources_card(answer)
            assert card.length <= MAX_TEXT
            for source in concept.sources:
                assert source.url.replace("(", "%28").replace(")", "%29") in card.blocks[0]


def test_advanced_is_what_the_references_say(explainer: Explainer) -> None:
    answer = explainer.explain(Question("what do papers say about reward hacking", Level.ADVANCED))
    cited = [quote for quote in answer.quotes if quote.source is not None]
    assert len(cited) >= 2
    for quote in cited:
        assert quote.source is not None
        assert quote.source.title
        assert quote.source.authors
        assert quote.source.year
        assert quote.source.url.startswith("https://")


def test_the_best_sentence_is_marked(explainer: Explainer) -> None:
    answer = explainer.explain(Question("would a robot stop me from pressing its off switch?", Level.BASIC))
    assert answer.highlight is not None
    start, end = answer.highlight.span
    sentence = answer.quotes[answer.highlight.quote].passage.text[start:end]
    assert sentence.endswith((".", "?", "”"))


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b\u200f", "\x00\x07"])
def test_no_words_are_no_question(explainer: Explainer, text: str) -> None:
    assert explainer.explain(Question(text, Level.BASIC)).outcome is Outcome.EMPTY


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("which AI tool makes the nicest powerpoint slides?", 0),
        ("who are the people on the EU AI Office's scientific panel?", 5),
        ("best pizza in Berlin", 0),
        ("how do I bake bread?", 0),
        ("who won the match last night", 0),
        ("xyzzy plugh", 0),
        ("???", 0),
    ],
)
def test_what_is_not_covered_is_said_so_with_the_nearest_topics_if_any_is_near(
    explainer: Explainer, text: str, near: int
) -> None:
    answer = explainer.explain(Question(text, Level.BASIC))
    assert answer.outcome is Outcome.NOT_COVERED
    assert answer.quotes == ()
    assert len(answer.related) == near


def test_an_unknown_concept_is_none(explainer: Explainer) -> None:
    assert explainer.show("nothing-like-this", Question("", Level.BASIC)) is None


def test_a_missing_depth_gives_the_nearest_and_says_so(
    tmp_path: Path, model: ModelFiles, encoder: SentenceTransformerEncoder
) -> None:
    content = write_library(tmp_path / "content", {"kettle-drift": "kettledrift"})
    page = content / "en" / "kettle-drift.md"
    page.write_text(page.read_text().replace("# Intermediate", "## More"))
    answer = explainer_of(content, tmp_path / "state", model, encoder).explain(
        Question("kettle drift", Level.INTERMEDIATE)
    )
    assert answer.level is Level.BASIC
    assert answer.level_missing
    assert "no Intermediate part yet; here is the nearest depth, Basic" in answer_card(answer).blocks[0]


def test_a_page_in_the_readers_language_is_preferred_and_its_lack_is_said(
    tmp_path: Path, model: ModelFiles, encoder: SentenceTransformerEncoder
) -> None:
    content = write_library(tmp_path / "content", {"kettle-drift": "kettledrift", "spoon-bias": "spoonbias"})
    german = content / "de"
    german.mkdir()
    english = (content / "en" / "kettle-drift.md").read_text()
    (german / "kettle-drift.md").write_text(
        english.replace("# Basic", "# Grundlagen").replace("plain words", "einfachen Worten")
    )
    explainer = explainer_of(content, tmp_path / "state", model, encoder)
    here = explainer.explain(Question("kettle drift", Level.BASIC, lang="de"))
    assert here.concept is not None
    assert here.concept.lang == "de"
    assert not here.language_missing
    missing = explainer.explain(Question("spoon bias", Level.BASIC, lang="de"))
    assert missing.concept is not None
    assert missing.concept.lang == "en"
    assert missing.language_missing


def test_a_long_tier_gives_its_best_passages_and_says_how_many_more(
    tmp_path: Path, model: ModelFiles, encoder: SentenceTransformerEncoder
) -> None:
    content = write_library(tmp_path / "content", {"kettle-drift": "kettledrift"})
    page = content / "en" / "kettle-drift.md"
    filler = "\n\n".join(f"Paragraph {n} about spouts and lids and handles. " * 12 for n in range(20))
    page.write_text(page.read_text().replace("# Intermediate", f"{filler}\n\n# Intermediate"))
    answer = explainer_of(content, tmp_path / "state", model, encoder).explain(Question("kettle drift", Level.BASIC))
    assert answer.omitted > 10
    assert answer_card(answer).length <= MAX_TEXT
    rows = [quote.passage.first_line for quote in answer.quotes]
    assert rows == sorted(rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(text=st.text(max_size=300), turns=st.lists(st.text(max_size=60), max_size=3), level=st.sampled_from(Level))
def test_any_question_is_answered_or_refused(explainer: Explainer, text: str, turns: list[str], level: Level) -> None:
    answer = explainer.explain(Question(text, level, tuple(turns)))
    assert 0 <= answer.confidence <= 1
    assert answer_card(answer).length <= MAX_TEXT


@given(st.text(max_size=10_000))
def test_a_cleaned_question_is_one_short_visible_line(text: str) -> None:
    cleaned = clean_question(text)
    assert len(cleaned) <= 4000
    assert cleaned.isprintable()
    assert clean_question(cleaned) == cleaned


def test_one_that_serves_no_more_is_let_go_at_once(library_state: Path, query_encoder: Encoder) -> None:
    generation = GenerationStore(library_state).open_best()
    assert generation is not None
    observer = Observer()
    explainer = Explainer(TimedSearcher(generation, query_encoder, lambda: observer))
    for text in ("what is corrigibility?", "what is the difference between CEV and corrigibility?"):
        assert explainer.explain(Question(text, Level.BASIC)).concept is not None
    left = weakref.ref(generation)
    gc.collect()
    gc.disable()  # a generation holds megabytes, and what is only found to be garbage stays for half an hour
    try:
        del generation, explainer
        assert left() is None
    finally:
        gc.enable()
