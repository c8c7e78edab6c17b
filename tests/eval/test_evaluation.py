"""The evaluation set is sound, and the figures on its test half have not fallen below the recorded ones."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from bot.evaluation.page import write_page
from bot.evaluation.questions import EvaluationQuestion, read_evaluation
from bot.evaluation.report import ask_all, report
from bot.explainer import Explainer
from index.embedding import Encoder
from index.generation_store import GenerationStore
from index.lexical import terms
from index.library import Library, read_library
from index.search import Searcher

HERE = Path(__file__).parent
# Processors round differently, which can turn a few of 292 questions, or one of 37 follow-ups.
TOLERANCE = 0.015


@pytest.fixture(scope="module")
def questions() -> list[EvaluationQuestion]:
    return read_evaluation(HERE)


@pytest.fixture(scope="module")
def library(library_content: Path) -> Library:
    return read_library(library_content)


def test_the_set_is_large_balanced_and_labelled(questions: list[EvaluationQuestion], library: Library) -> None:
    single = [item for item in questions if item.in_scope and not item.turns]
    kinds = Counter(item.kind for item in single)
    assert len(single) >= 400
    assert len(kinds) == 10
    assert min(kinds.values()) >= 0.8 * len(single) / 10
    assert sum(bool(item.turns) for item in questions) >= 80
    assert Counter(item.kind for item in questions if not item.in_scope).keys() == {
        "near",
        "far",
        "chatter",
        "injection",
    }
    assert sum(not item.in_scope for item in questions) >= 300
    assert {slug for item in questions for slug in item.concepts} <= library.slugs
    assert len({item.text.casefold() for item in questions if not item.turns}) == len(
        [q for q in questions if not q.turns]
    )


def test_most_questions_share_no_word_with_the_title(questions: list[EvaluationQuestion], library: Library) -> None:
    single = [item for item in questions if item.in_scope and not item.turns]
    apart = 0
    for item in single:
        titles = {word for slug in item.concepts if (page := library.page(slug)) for word in terms(page.title)}
        apart += not titles & set(terms(item.text))
    assert apart / len(single) >= 0.6


def test_no_question_of_the_set_stands_in_the_library(questions: list[EvaluationQuestion], library: Library) -> None:
    known = {" ".join(terms(item.text)) for item in library.questions}
    copied = [
        item.text
        for item in questions
        if not item.turns and len(terms(item.text)) > 3 and " ".join(terms(item.text)) in known
    ]
    assert copied == []


def test_the_figures_have_not_fallen(
    questions: list[EvaluationQuestion], library_state: Path, query_encoder: Encoder, tmp_path: Path
) -> None:
    generation = GenerationStore(library_state).open_best()
    assert generation is not None
    explainer = Explainer(Searcher(generation, query_encoder))
    found = report(ask_all(explainer, [item for item in questions if item.split == "test"]))
    write_page(found, tmp_path / "page.html", title="test")
    recorded = json.loads((HERE / "recorded.json").read_text(encoding="utf-8"))
    fallen = []
    for name, value in recorded.items():
        now = found.figures[name].value
        tolerance = max(TOLERANCE, 1.01 / found.figures[name].questions)
        worse = now > value + tolerance if name == "calibration error" else now < value - tolerance
        # Coverage at a fixed risk jumps by several points when one confident answer turns.
        if worse and name != "coverage at 2% wrong":
            fallen.append(f"{name}: {now:.3f}, recorded {value:.3f}")
    assert fallen == []
