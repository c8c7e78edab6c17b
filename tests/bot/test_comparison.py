from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.answer import Outcome, Question
from bot.comparison import read_comparison
from bot.explainer import Explainer
from bot.jsonl import as_json
from bot.passage_choice import fair_shares
from bot.rendering import MAX_TEXT, answer_cards, sources_cards
from bot.sides import find_sides
from bot.terminal import answer_text
from bot.views.custom_ids import MAX_LENGTH, Action, ButtonState, slug_keys, slug_of_key
from index.embedding import Encoder, Vectors
from index.generation_store import GenerationStore
from index.levels import Level
from index.lexical import words
from index.passages import PassageKind
from index.search import Searcher
from index.search_result import SearchResult


@pytest.fixture(scope="module")
def explainer(library_state: Path, query_encoder: Encoder) -> Explainer:
    generation = GenerationStore(library_state).open_best()
    assert generation is not None
    return Explainer(Searcher(generation, query_encoder))


def slugs(explainer: Explainer, text: str, *turns: str) -> list[str]:
    answer = explainer.explain(Question(text, Level.BASIC, turns))
    return [side.concept.slug for side in answer.sides if side.concept is not None]


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("What is the difference between kettles and spoons?", "kettles", "spoons"),
        ("whats the diference between kettles & spoons", "kettles", "spoons"),
        ("kettles vs. spoons", "kettles", "spoons"),
        ("So kettles versus spoons: who wins?", "kettles", "spoons"),
        ("Is a kettle the same thing as a spoon?", "kettle", "spoon"),
        ("Are kettles and spoons the same?", "kettles", "spoons"),
        ("How is a kettle different from a spoon?", "kettle", "spoon"),
        ("how does a kettle differ from the spoon, please?", "kettle", "spoon"),
        ("How do kettles and spoons relate?", "kettles", "spoons"),
        ("Compare kettles with spoons.", "kettles", "spoons"),
        ("can you compare and contrast kettles and spoons", "kettles", "spoons"),
        ("I keep confusing kettles with spoons", "kettles", "spoons"),
        ("How do I tell kettles from spoons?", "kettles", "spoons"),
        ("What separates kettles from spoons?", "kettles", "spoons"),
        ("Is a kettle just another word for a spoon?", "kettle", "spoon"),
        ("Where does the kettle end and the spoon begin?", "kettle", "spoon"),
        ("kettles or spoons - which is which?", "kettles", "spoons"),
        ("Which is worse, kettles or spoons?", "kettles", "spoons"),
        ("kettles or spoons?", "kettles", "spoons"),
        ('is "the red kettle" different from "a blue spoon"?', "the red kettle", "a blue spoon"),
        ("how is that different from spoons?", "", "spoons"),
        ("and is it the same as a spoon?", "", "spoon"),
        ("vs spoons?", "", "spoons"),
        ("what's the difference from spoons?", "", "spoons"),
    ],
)
def test_comparisons_are_split_into_their_subjects(question: str, first: str, second: str) -> None:
    assert (first, second) in [(item.first, item.second) for item in read_comparison(question)]


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("difference between outer and inner misalignment", "outer misalignment", "inner misalignment"),
        ("reward hacking and tampering: what is the difference?", "reward hacking", "reward tampering"),
    ],
)
def test_a_word_left_out_is_read_from_the_other_subject(question: str, first: str, second: str) -> None:
    assert (first, second) in [(item.first, item.second) for item in read_comparison(question)]


@pytest.mark.parametrize(
    "question",
    [
        "",
        "what is corrigibility?",
        "Would a robot let me switch it off or would it fight?",
        "What are the pros and cons of debate and amplification?",
        "Explain AI boxing and why it fails.",
        "how is it different?",
        "what is the difference?",
        "vs",
        "why do people want the same things?",
    ],
)
def test_other_questions_are_no_comparisons(question: str) -> None:
    assert read_comparison(question) == ()


_WORDS = st.sampled_from(
    "is are how what the a difference between and or vs versus same as compare with different from it that kettle "
    "spoon red ? , : . ' \" - just which worse where does end begin".split()
)


@given(st.one_of(st.text(max_size=400), st.lists(_WORDS, max_size=40).map(" ".join)))
def test_any_text_is_read_and_no_word_is_invented(text: str) -> None:
    said = set(words(text))
    for subjects in read_comparison(text):
        assert subjects.second
        assert set(words(f"{subjects.first} {subjects.second}")) <= said


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 10_000))
def test_shares_are_fair(first: int, second: int, room: int) -> None:
    one, other = fair_shares([first, second], room)
    assert one + other <= room
    assert one >= min(first, room // 2)
    assert other >= min(second, room // 2)


@pytest.mark.parametrize(
    ("question", "both"),
    [
        ("difference between outer and inner misalignment", ["outer-misalignment", "inner-misalignment"]),
        ("is reward hacking the same as wireheading", ["reward-hacking", "wireheading"]),
        ("RLHF vs constitutional AI", ["rlhf", "constitutional-ai"]),
        ("Constitutional AI vs RLHF", ["constitutional-ai", "rlhf"]),
        ("how is corigibility different from the shutdown problm?", ["corrigibility", "shutdown-problem"]),
        ("AGI or ASI - which is which?", ["artificial-general-intelligence", "superintelligence"]),
        ("hard takeoff vs soft takeoff", ["takeoff"]),
        ("would an AI be kind or would it be cruel?", []),
        ("Should we pause or should we race?", []),
        ("is it dangerous to build AGI or are people exaggerating?", []),
    ],
)
def test_both_concepts_are_shown_in_the_order_asked_for(explainer: Explainer, question: str, both: list[str]) -> None:
    assert slugs(explainer, question)[: len(both) or 2] == both or not both
    answer = explainer.explain(Question(question, Level.BASIC))
    assert (answer.beside is not None) == (len(both) == 2)
    if both:
        assert {item.slug for item in answer.ranked[: len(both)]} == set(both)
        assert answer.confidence >= 0.5


@pytest.mark.parametrize("question", ["how is that different from wireheading?", "is that the same as wireheading?"])
def test_a_follow_up_compares_with_what_was_talked_about(explainer: Explainer, question: str) -> None:
    assert slugs(explainer, question, "what is reward tampering?") == ["reward-tampering", "wireheading"]
    assert explainer.explain(Question(question, Level.BASIC)).beside is None


def test_the_sentence_that_sets_the_two_apart_is_marked(explainer: Explainer) -> None:
    answer = explainer.explain(Question("what's the difference between AGI and superintelligence?", Level.INTERMEDIATE))
    assert answer.beside is not None
    for side, other in ((answer, "superintelligence"), (answer.beside, "artificial general intelligence")):
        assert side.highlight is not None
        sentence = side.quotes[side.highlight.quote].passage.text[slice(*side.highlight.span)]
        assert other in sentence.lower()


def test_one_page_for_both_is_said_so(explainer: Explainer) -> None:
    answer = explainer.explain(Question("fast takeoff vs slow takeoff", Level.BASIC))
    assert answer.compared == ""
    assert "both sides of this comparison are explained on one page" in answer_cards(answer)[0].blocks[0]


def test_a_side_that_is_not_covered_is_said_so(explainer: Explainer) -> None:
    answer = explainer.explain(Question("RLHF vs *sourdough* @everyone", Level.BASIC))
    assert answer.concept is not None
    assert answer.concept.slug == "rlhf"
    said = answer_cards(answer)[0].blocks[0]
    assert "covers only one side" in said
    assert "sourdough\\*" in said
    assert "@everyone" not in said


def test_two_sides_that_are_not_covered_are_no_answer(explainer: Explainer) -> None:
    answer = explainer.explain(Question("sourdough vs rye bread", Level.BASIC))
    assert answer.outcome is Outcome.NOT_COVERED


@pytest.mark.parametrize("level", list(Level))
def test_any_two_pages_fit_one_message_in_their_own_words(
    explainer: Explainer, library_content: Path, level: Level
) -> None:
    known = sorted({slug for _, slug in explainer.generation.concepts})
    for first, second in zip(known[::12], known[5::12], strict=False):
        answer = explainer.show(first, Question("how do these two differ? " * 10, level), beside=second)
        assert answer is not None
        assert [side.concept.slug for side in answer.sides if side.concept] == [first, second]
        cards = answer_cards(answer)
        assert sum(card.length for card in cards) <= MAX_TEXT
        assert sum(card.length for card in sources_cards(answer)) <= MAX_TEXT
        assert [bool(card.question) for card in cards] == [True, False]
        for side, card in zip(answer.sides, cards, strict=True):
            assert side.quotes
            assert "Cut short" not in card.blocks[-1]
            for quote in side.quotes:
                if quote.passage.kind is PassageKind.TEXT:
                    assert quote.passage.text in (library_content / quote.passage.file).read_text(encoding="utf-8")


def test_an_unknown_side_is_none(explainer: Explainer) -> None:
    assert explainer.show("rlhf", Question("", Level.BASIC), beside="nothing-like-this") is None
    assert explainer.show("nothing-like-this", Question("", Level.BASIC), beside="rlhf") is None


def test_json_has_the_passages_and_sources_of_both(explainer: Explainer) -> None:
    data = as_json(explainer.explain(Question("RLHF vs constitutional AI", Level.ADVANCED)))
    assert {item["slug"] for item in data["concepts"][:2]} == {"rlhf", "constitutional-ai"}
    assert {item["slug"] for item in data["passages"]} == {"rlhf", "constitutional-ai"}
    urls = [item["url"] for item in data["sources"]]
    assert len(urls) == len(set(urls))
    for slug in ("rlhf", "constitutional-ai"):
        concept = explainer.generation.concept(slug)
        assert concept is not None
        assert {source.url for source in concept.sources} <= set(urls)


@pytest.mark.parametrize(("width", "columns"), [(160, True), (100, False), (40, False)])
def test_a_terminal_shows_two_columns_where_they_have_room(explainer: Explainer, width: int, *, columns: bool) -> None:
    console = Console(width=width)
    with console.capture() as capture:
        console.print(answer_text(explainer.explain(Question("debate vs corrigibility", Level.BASIC))))
    lines = capture.get().splitlines()
    assert any("Debate" in line and "Corrigibility · Basic" in line for line in lines) == columns
    assert sum("Corrigibility · Basic" in line for line in lines) == 1
    assert max(map(len, lines)) <= width


def test_buttons_hold_any_two_slugs_of_the_library(explainer: Explainer) -> None:
    known = sorted({slug for _, slug in explainer.generation.concepts} | {"a" * 44, "b" * 44, "x" * 90})
    for first, second in product(known[::5], known[::9]):
        keys = slug_keys(first, second)
        state = ButtonState(Action.SOURCES, Level.INTERMEDIATE, "en", 2**64 - 1, *keys)
        assert len(str(state)) <= MAX_LENGTH
        assert ButtonState.parse(str(state)) == state
        assert [slug_of_key(key, known) for key in keys] == [first, second]


def test_a_side_that_was_searched_for_without_vectors_is_not_said_to_be_missing() -> None:
    readings = read_comparison("What is the difference between kettles and spoons?")
    whole = SearchResult.of("kettles", confidence=0.9)
    unsure = SearchResult.of("cups", confidence=0.05)
    alone = {"kettles": SearchResult.of("kettles"), "spoons": unsure}
    sides = find_sides(alone, readings, None, whole, 0.5)
    assert sides is not None
    assert (sides.slugs, sides.missing) == (("kettles",), "spoons")
    assert find_sides({**alone, "spoons": replace(unsure, partial=True)}, readings, None, whole, 0.5) is None


def test_names_are_subjects_beyond_doubt_and_cost_no_run_of_the_model(
    explainer: Explainer, library_state: Path, query_encoder: Encoder
) -> None:
    asked: list[str] = []

    class Noting:
        checksum, dimension = query_encoder.checksum, query_encoder.dimension

        def encode_query(self, query: str) -> Vectors:
            asked.append(query)
            return query_encoder.encode_query(query)

        def encode_queries(self, queries: Sequence[str]) -> Vectors:
            raise AssertionError("a vector of an 8-bit model depends on its company")

    searcher = Searcher(explainer.generation, Noting())
    subjects = ["CEV", "corrigibility", "a robot that lets itself be switched off", "CEV"]
    found = searcher.search_subjects(subjects)
    assert asked == [subjects[2]]
    assert [found[subject].concepts[0].slug for subject in subjects[:2]] == [
        "coherent-extrapolated-volition",
        "corrigibility",
    ]
    assert found["CEV"].confidence == found["corrigibility"].confidence >= 0.99
    asked.clear()
    strict = Explainer(searcher, threshold=0.98)
    answer = strict.explain(Question("What is the difference between CEV and corrigibility?", Level.BASIC))
    assert [side.concept.slug for side in answer.sides if side.concept] == [
        "coherent-extrapolated-volition",
        "corrigibility",
    ]
    assert asked == [answer.question.text, "Coherent Extrapolated Volition and Corrigibility"]


def test_two_pages_without_a_question_are_chosen_by_their_names(explainer: Explainer) -> None:
    silent, named = (
        explainer.show("debate", Question(text, Level.INTERMEDIATE), beside="ai-safety")
        for text in ("", "Debate and AI safety")
    )
    assert silent is not None
    assert named is not None
    assert silent.quotes == named.quotes
