from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.passage_ranking import WEIGHTS, Evidence, Weights, relative

numbers = st.floats(min_value=-1, max_value=1, width=32)


def evidence(meaning: list[float], sentence: list[float], lexical: list[float]) -> Evidence:
    return Evidence(*(np.array(values, dtype=np.float32) for values in (meaning, sentence, lexical)))


def test_each_kind_of_evidence_can_decide() -> None:
    same = [0.5, 0.5]
    assert np.argmax(evidence([0.4, 0.6], same, same).scores()) == 1
    assert np.argmax(evidence(same, [0.4, 0.6], same).scores(Weights(meaning=1, sentence=1, lexical=1))) == 1
    assert np.argmax(evidence(same, same, [3.0, 9.0]).scores()) == 1


def test_a_weight_of_zero_silences_its_evidence() -> None:
    found = evidence([0.1, 0.9], [0.9, 0.1], [1, 0]).scores(Weights(meaning=1, sentence=0, lexical=0))
    assert found.tolist() == pytest.approx([0.1, 0.9])


def test_a_longer_question_does_not_make_words_count_more() -> None:
    short = evidence([0.2, 0.4], [0.3, 0.3], [2, 1]).scores()
    long = evidence([0.2, 0.4], [0.3, 0.3], [20, 10]).scores()
    assert short.tolist() == pytest.approx(long.tolist())


def test_without_common_words_meaning_decides_alone() -> None:
    found = evidence([0.2, 0.7], [0.1, 0.8], [0, 0]).scores()
    assert np.isfinite(found).all()
    assert np.argmax(found) == 1


def test_an_empty_index_has_no_scores() -> None:
    assert evidence([], [], []).scores().shape == (0,)
    assert relative(np.zeros(0, dtype=np.float32)).shape == (0,)


@given(st.lists(st.tuples(numbers, numbers, st.floats(min_value=0, max_value=50, width=32)), min_size=2, max_size=20))
def test_a_passage_that_is_better_in_everything_is_never_ranked_below(rows: list[tuple[float, float, float]]) -> None:
    rows = [*rows, tuple(max(column) for column in zip(*rows, strict=True))]  # type: ignore[list-item]
    scores = evidence(*(list(column) for column in zip(*rows, strict=True))).scores(WEIGHTS)
    assert scores[-1] >= scores.max() - 1e-6
