from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import LexicalIndex

WORDS = [f"word{number}" for number in range(30)]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=8), max_size=40)


@settings(max_examples=60, deadline=None)
@given(texts=TEXTS, query=st.lists(st.sampled_from([*WORDS, "unknown"]), max_size=4), k=st.integers(1, 50))
def test_the_best_are_the_best_of_all_scores(texts: list[list[str]], query: list[str], k: int) -> None:
    index = LexicalIndex.build(texts)
    scores = index.scores(query)
    rows, best = index.best(query, k)
    expected = [row for row in np.argsort(-scores, kind="stable").tolist() if scores[row] > 0][:k]
    assert rows.tolist() == expected
    assert best.tolist() == scores[expected].tolist()


@pytest.mark.parametrize("k", [1, 20, 700, 5_000, 40_000])
@pytest.mark.parametrize("query", [["common"], ["rare"], ["rare", "common", "middling"], ["once"], ["never"]])
def test_the_best_of_a_large_library(k: int, query: list[str]) -> None:
    index = large_library()
    scores = index.scores(query)
    rows, best = index.best(query, k)
    order = np.argsort(-scores, kind="stable")
    expected = order[scores[order] > 0][:k]
    assert rows.tolist() == expected.tolist()
    assert best.tolist() == scores[expected].tolist()


def test_an_index_is_the_same_after_loading(tmp_path: Path) -> None:
    index = large_library()
    index.save(tmp_path / "lexical")
    loaded = LexicalIndex.load(tmp_path / "lexical", len(index.scores(["common"])))
    for query in (["common"], ["rare", "middling"], ["never"], []):
        assert loaded.scores(query).tolist() == index.scores(query).tolist()


def test_an_index_without_words_is_kept_too(tmp_path: Path) -> None:
    LexicalIndex.build([[], []]).save(tmp_path / "lexical")
    loaded = LexicalIndex.load(tmp_path / "lexical", 2)
    assert loaded.scores(["any"]).tolist() == [0, 0]
    assert loaded.best(["any"], 3)[0].tolist() == []


@cache
def large_library() -> LexicalIndex:
    random = np.random.default_rng(0)
    texts = []
    for number in range(30_000):
        text = ["common"] * int(random.integers(0, 4)) + ["filler"] * int(random.integers(1, 30))
        text += ["middling"] * int(number % 7 == 0) + ["rare"] * int(number % 500 == 0) + ["once"] * int(number == 77)
        texts.append(text)
    return LexicalIndex.build(texts)
