from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from index.asked_questions import read_questions
from index.concept_head import ConceptHead, learn_head
from index.grouping import Groups
from index.library import read_library
from index.library_checks import check_library
from index.problems import Problems
from index.spelling import Spelling
from index.word_head import WordHead, learn_words
from index.word_rows import WordRows
from tests.support.pages import write_library


def test_a_head_tells_concepts_apart_and_survives_the_disk(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    centres = np.eye(3, 8)
    labels = [slug for slug in "abc" for _ in range(20)]
    vectors = np.repeat(centres, 20, axis=0) + random.normal(0, 0.1, (60, 8))
    head = learn_head(vectors.astype(np.float32), labels)
    assert head is not None
    head.save(tmp_path / "head.npy")
    again = ConceptHead.load(tmp_path / "head.npy", head.slugs)
    assert again is not None
    for number in range(3):
        chances = again.log_probabilities(centres[number].astype(np.float32))
        assert int(np.argmax(chances)) == number
        assert np.exp(chances).sum() == pytest.approx(1, abs=1e-4)
        without = again.log_probabilities(centres[number].astype(np.float32), frozenset("abc"[number]))
        assert without[number] == -np.inf
    with pytest.raises(ValueError, match="rows for 2"):
        ConceptHead.load(tmp_path / "head.npy", ("a", "b"))
    assert learn_head(vectors.astype(np.float32)[:3], ["a", "b", "c"]) is None


def test_a_head_learns_many_concepts_that_are_asked_for_equally_often() -> None:
    random = np.random.default_rng(2)
    # As with real questions, what they have in common is larger than what tells them apart.
    centres = random.normal(0, 1, (140, 384)) + random.normal(0, 2, 384)
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    vectors = np.repeat(centres, 8, axis=0) + random.normal(0, 0.02, (1120, 384))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = [f"concept-{number:03d}" for number in range(140) for _ in range(8)]
    head = learn_head(vectors.astype(np.float32), labels)
    assert head is not None
    found = [int(np.argmax(head.log_probabilities(centre.astype(np.float32)))) for centre in centres]
    assert found == list(range(140))


def test_words_speak_for_their_concept(tmp_path: Path) -> None:
    texts = [["kettle", "steam", word] for word in "abcdefghij"] + [["spoon", "soup", word] for word in "abcdefghij"]
    words = learn_words(WordRows.of(texts), ["kettle"] * 10 + ["spoon"] * 10)
    assert words is not None
    words.save(tmp_path)
    again = WordHead.load(tmp_path, words.slugs)
    assert again is not None
    for head in (words, again):
        assert np.argmax(head.log_probabilities(["steam"])) == 0
        assert np.argmax(head.log_probabilities(["soup", "spoon"])) == 1
        assert np.allclose(head.log_probabilities(["unheard"]), np.log(0.5))
        assert head.log_probabilities(["steam"], frozenset({"kettle"})).tolist() == [-np.inf, 0.0]


def test_the_best_of_each_group() -> None:
    groups = Groups([0, 1, 0, -1, 0], 3)
    scores = np.array([0.1, 0.9, 0.5, 7.0, 0.3], dtype=np.float32)
    assert groups.best(scores, (1.0,), lowest=-1).tolist() == pytest.approx([0.5, 0.9, -1.0])
    assert groups.best(scores, (0.5, 0.5)).tolist() == pytest.approx([0.4, 0.9, 0.0])
    assert Groups([-1, -1], 2).best(scores[:2], (1.0,), lowest=0.25).tolist() == [0.25, 0.25]


def test_unknown_words_are_read_as_their_neighbours() -> None:
    spelling = Spelling(Counter("corrigibility corrigibility kettle kettle optimizer optimizer once".split()))
    assert spelling.correct("what is corigibility?") == "what is corrigibility?"
    assert spelling.correct("Ketlle drift") == "kettle drift"
    assert spelling.correct("optimizers") == "optimizer"
    assert spelling.correct("onces and zebra") == "onces and zebra"


def test_asked_questions_are_read_and_judged(tmp_path: Path) -> None:
    root = write_library(tmp_path, {"kettle-drift": "kettledrift"})
    folder = root / "questions"
    folder.mkdir()
    (folder / "a.yaml").write_text(
        'kettle-drift:\n- "why does it boil?"\n- "WHY does it boil?"\nnowhere:\n- "x?"\noutside:\n- "pizza?"\n'
    )
    library = read_library(root)
    assert [(item.slug, item.line) for item in library.questions][:2] == [("kettle-drift", 2), ("kettle-drift", 3)]
    messages = [problem.message for problem in check_library(library)]
    assert messages == ["asked before, for kettle-drift (questions/a.yaml:2)", "`nowhere` has no page"]


@pytest.mark.parametrize("text", ["a: b", "a:\n  b: c", "[", "a:\n- [x]", "\xff"])
def test_questions_that_cannot_be_read_are_an_error(text: str) -> None:
    problems = Problems()
    assert read_questions(text.encode("latin-1"), file="q.yaml", lang="en", problems=problems) == []
    assert problems.errors == 1
