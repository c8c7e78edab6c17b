from __future__ import annotations

from pathlib import Path

import bm25s
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.lexical import LexicalIndex
from index.word_rows import WordRows

TEXTS = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=6), max_size=8)


def same(one: WordRows, other: WordRows) -> bool:
    equal = np.array_equal(one.numbers, other.numbers) and np.array_equal(one.starts, other.starts)
    return equal and one.vocabulary == other.vocabulary


@settings(deadline=None)
@given(first=TEXTS, second=TEXTS, data=st.data())
def test_texts_put_together_are_as_if_read_together(
    first: list[list[str]], second: list[list[str]], data: st.DataObject
) -> None:
    texts = first + second
    drawn = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=12)) if texts else []
    rows, taken = np.array(drawn, dtype=np.int64), [texts[row] for row in drawn]
    assert same(WordRows.of(texts).take(rows), WordRows.of(taken))
    assert same(WordRows.of(first).take_with(WordRows.of(second), rows), WordRows.of(taken))
    backwards = taken[::-1]
    extended = WordRows.of(taken).extended_by(WordRows.of(backwards))
    assert same(extended, WordRows.of([one + other for one, other in zip(taken, backwards, strict=True)]))


@settings(deadline=None)
@given(texts=TEXTS, data=st.data())
def test_words_are_changed_by_language_or_left_out(texts: list[list[str]], data: st.DataObject) -> None:
    langs = data.draw(st.lists(st.sampled_from(["en", "de"]), min_size=len(texts), max_size=len(texts)))

    def change(word: str, lang: str) -> str | None:
        return None if word in "aeh" else word + lang if word in "bc" else "one for many"

    changed = [
        [new for word in text if (new := change(word, lang)) is not None]
        for text, lang in zip(texts, langs, strict=True)
    ]
    assert same(WordRows.of(texts).mapped(change, langs), WordRows.of(changed))


def test_texts_survive_the_disk(tmp_path: Path) -> None:
    rows = WordRows.of([["naïve", "b"], [], ["b", "naïve", "b"]])
    rows.save(tmp_path)
    assert same(WordRows.load(tmp_path), rows)


@settings(max_examples=40, deadline=None)
@given(texts=TEXTS, query=st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=4))
def test_scores_are_those_of_the_library(texts: list[list[str]], query: list[str]) -> None:
    if not any(texts):
        return
    theirs = bm25s.BM25(k1=1.2, b=0.75)
    theirs.index(texts, show_progress=False)
    known = [word for word in query if word in theirs.vocab_dict]
    expected = theirs.get_scores(known) if known else np.zeros(len(texts))
    assert np.allclose(LexicalIndex.build(texts).scores(query), expected, atol=1e-5)
