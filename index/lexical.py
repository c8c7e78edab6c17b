"""Finding passages by the words they share with a question (BM25)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.word_rows import WordRows

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_STEMMERS = {"en": "english", "de": "german", "es": "spanish"}
# How many scores tell where the best ones begin, and how many of these to go further down than seems needed.
_SAMPLE, _SPARE = 8192, 16
_STOPWORDS = frozenset(
    # English function words, and the words of asking: they say how people ask, not what about.
    "a about an and any are as at be been being but by can could did do does doing don for from had has have "
    "having he her here him his how i if in into is it its itself just ll me more most my no nor not of on or "
    "our out re s she should so some such t than that the their them then there these they this those to too up "
    "us ve was we were what when where which while who whom why will with would you your "
    "eg ie explain tell please mean means meaning thing stuff like really actually kind sort "
    "der die das und ist sind ein eine einer eines was wie warum wer von zu im in auf mit für nicht "
    "el la los las un una unos unas y es son qué que cómo como por para de del en con".split()
)


def words(text: str) -> list[str]:
    """Return the words of a text: lower case, no accents lost, no punctuation, compatibility forms unified."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    folded = _DOTTED.sub(lambda match: match.group().replace(".", ""), folded)
    return [word.removesuffix("'s") for word in _WORD.findall(folded)]


def terms(text: str, lang: str = "en") -> list[str]:
    """Return what is indexed of a text: its words without function words, stemmed."""
    return [_stem(word, lang) for word in words(text) if word not in _STOPWORDS]


def term(word: str, lang: str = "en") -> str | None:
    """Return what is indexed of a word as `words` gives it; None for a function word."""
    return None if word in _STOPWORDS else _stem(word, lang)


@lru_cache(maxsize=100_000)
def _stem(word: str, lang: str) -> str:
    import Stemmer

    return str(Stemmer.Stemmer(_STEMMERS.get(lang, "english")).stemWord(word))


@dataclass(frozen=True, slots=True)
class _Columns:
    """The scores of each term in the passages that have it, as bm25s works them out and keeps them.

    Attributes:
        number: each term's column.
        starts: (v + 1,) where each column begins in `rows` and `scores`.
        rows: the passages that have a term.
        scores: the BM25 score that each gets for it.
    """

    number: dict[str, int]
    starts: NDArray[np.int32]
    rows: NDArray[np.int32]
    scores: NDArray[np.float32]


class LexicalIndex:
    """BM25 over passages, by their position in the generation."""

    def __init__(self, columns: _Columns | None, size: int, *, bm25: Any | None = None) -> None:
        """Wrap columns of scores; None when no passage has any term. Use `build` or `load`."""
        self._columns = columns
        self._size = size
        self._bm25 = bm25

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]]) -> LexicalIndex:
        """Index the terms of each passage, in order."""
        return cls.of(WordRows.of(texts))

    @classmethod
    def of(cls, texts: WordRows) -> LexicalIndex:
        """Index the terms of each passage, in order, already numbered."""
        import bm25s

        if not len(texts.numbers):  # which the library refuses
            return cls(None, len(texts))
        bm25 = bm25s.BM25(k1=1.2, b=0.75)
        # The library's own way of filling these goes from passage to passage, which takes ten times as long.
        found = _weights(texts, bm25.k1, bm25.b)
        bm25.scores = {**found, "num_docs": len(texts)}
        bm25.vocab_dict = {word: number for number, word in enumerate(texts.vocabulary)}
        bm25.unique_token_ids_set = set(bm25.vocab_dict.values())
        bm25.nonoccurrence_array = None
        columns = _Columns(bm25.vocab_dict, found["indptr"], found["indices"], found["data"])
        return cls(columns, len(texts), bm25=bm25)

    @classmethod
    def load(cls, folder: Path, size: int) -> LexicalIndex:
        """Read an index that `save` wrote; its files hold numbers and words only, never code.

        The library is left out: with scipy it takes longer to import than everything else that answers.

        Raises:
            OSError, ValueError: the files are not what `save` wrote.
        """
        if not (folder / "params.index.json").exists():
            return cls(None, size)
        number = json.loads((folder / "vocab.index.json").read_text(encoding="utf-8"))
        # Mapped, a million passages load in no time and are not held twice; as plain arrays they slice faster.
        starts, rows, scores = (
            np.asarray(np.load(folder / f"{name}.csc.index.npy", mmap_mode="r", allow_pickle=False))
            for name in ("indptr", "indices", "data")
        )
        return cls(_Columns(number, starts, rows, scores), size)

    def save(self, folder: Path) -> None:
        """Write an index that was built into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        if self._bm25 is not None:
            self._bm25.save(folder, show_progress=False)

    def scores(self, query: Sequence[str]) -> NDArray[np.float32]:
        """Return the BM25 score of every passage (n,); 0 where no term of the query occurs."""
        scores = np.zeros(self._size, dtype=np.float32)
        if (columns := self._columns) is None:
            return scores
        for term in query:
            if (number := columns.number.get(term)) is not None:
                column = slice(columns.starts[number], columns.starts[number + 1])
                scores[columns.rows[column]] += columns.scores[column]  # each passage stands there once
        return scores

    def best(self, query: Sequence[str], k: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows and scores of the best k passages, best first; fewer where fewer share a term.

        Partitioning all scores takes a hundred times as long in a large library, most of them being 0.
        """
        scores = self.scores(query)
        rows = np.flatnonzero(scores > _floor(scores, k))
        if len(rows) < k:
            rows = np.flatnonzero(scores > 0)
        if len(rows) > k:
            last = -np.partition(-scores[rows], k - 1)[k - 1]
            rows = rows[scores[rows] >= last]
        rows = rows[np.argsort(-scores[rows], kind="stable")[:k]]
        return rows, scores[rows]


def _weights(texts: WordRows, k1: float, b: float) -> dict[str, NDArray[Any]]:
    """Return what each term adds to the score of each passage that has it, term by term."""
    counts = texts.counted().tocsc()
    lengths = texts.lengths.astype(np.float64)
    passages_with = np.diff(counts.indptr).astype(np.float64)
    rarity = np.log(1 + (len(texts) - passages_with + 0.5) / (passages_with + 0.5))
    room = k1 * (1 - b + b * lengths / lengths.mean())
    weights = np.repeat(rarity, np.diff(counts.indptr)) * counts.data / (room[counts.indices] + counts.data)
    return {
        "data": weights.astype(np.float32),
        "indices": counts.indices.astype(np.int32),
        "indptr": counts.indptr.astype(np.int64),
    }


def _floor(scores: NDArray[np.float32], k: int) -> float:
    """Return a score that, judging by a sample, more than k passages exceed; 0 where the sample cannot tell."""
    step = len(scores) // _SAMPLE
    if step < 2:  # noqa: PLR2004  # the sample would be nearly all
        return 0.0
    sample = scores[::step]
    rank = 2 * k // step + _SPARE
    return max(0.0, float(-np.partition(-sample, rank)[rank])) if rank < len(sample) else 0.0
