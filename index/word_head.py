"""Which concept the words of a question speak for: naive Bayes over words and pairs of words."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.concept_head import can_learn
from index.word_rows import WordRows

Values = NDArray[np.float32]

# How much every concept is given of every word that it never used.
_SMOOTHING = 0.1
_KEY_BYTES = 8


@dataclass(frozen=True, slots=True)
class WordHead:
    """Log-probabilities of concepts given the words of a question, all concepts taken as equally likely before.

    Attributes:
        slugs: the n concepts.
        keys: (v,) the numbers that stand for the words and pairs that are known, in ascending order: a dictionary
            of them takes longer to read than everything else that is learned, and tens of megabytes.
        rows: (v,) the row of each.
        rarity: (v,) how much each tells, by how few passages have it.
        starts: (v + 1,) where each row's entries begin in `concepts` and `gains`.
        concepts: the concepts that used a word.
        gains: by how much each becomes likelier through that.
        bases: (n,) how much less likely a concept becomes through any word, as it used so many others.
    """

    slugs: tuple[str, ...]
    keys: NDArray[np.uint64]
    rows: NDArray[np.int32]
    rarity: Values
    starts: NDArray[np.int64]
    concepts: NDArray[np.int32]
    gains: Values
    bases: Values

    def log_probabilities(self, terms: Sequence[str], without: frozenset[str] = frozenset()) -> Values:
        """Return the log-probability of each concept (n,); equal for all when no word is known."""
        rows, counts = self._known(_counts(terms))
        logits = np.zeros(len(self.slugs), dtype=np.float32)
        if len(rows):
            values = (1 + np.log(counts)) * self.rarity[rows]
            shares = values / np.sqrt((values**2).sum())
            entries = [slice(*ends) for ends in zip(self.starts[rows], self.starts[rows + 1], strict=True)]
            gains = np.concatenate([self.gains[part] for part in entries])
            gains *= np.repeat(shares, self.starts[rows + 1] - self.starts[rows])
            concepts = np.concatenate([self.concepts[part] for part in entries])
            gained = np.bincount(concepts, gains, minlength=len(self.slugs))
            logits = (gained - shares.sum() * self.bases).astype(np.float32)
        for place, slug in enumerate(self.slugs if without else ()):
            if slug in without:
                logits[place] = -np.inf
        top = float(logits.max())
        normalised: Values = (logits - top - np.log(np.exp(logits - top).sum())).astype(np.float32)
        return normalised

    def save(self, folder: Path) -> None:
        """Write everything but the slugs, which are written by whoever keeps the folder."""
        for name in _ARRAYS:
            np.save(_file(folder, name), getattr(self, name), allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, slugs: Sequence[str]) -> WordHead | None:
        """Read the weights for the concepts given, mapped into memory; None when none were learned."""
        if not _file(folder, "keys").exists():
            return None
        # As plain arrays they are read faster a few numbers at a time.
        arrays = {name: np.asarray(np.load(_file(folder, name), mmap_mode="r", allow_pickle=False)) for name in _ARRAYS}
        head = cls(tuple(slugs), **arrays)
        if len(head.bases) != len(slugs) or len(head.starts) != len(head.keys) + 1:
            raise ValueError(f"{folder}: the word head does not belong to its concepts")
        return head

    def _known(self, counts: Counter[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the rows (k,) of those words and pairs that are known, and how often each occurs (k,)."""
        keys = _keys(counts)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        found = self.keys[places] == keys
        return self.rows[places[found]], np.fromiter(counts.values(), np.int64, len(counts))[found]


_ARRAYS = tuple(WordHead.__slots__[1:])


def learn_words(texts: WordRows, labels: Sequence[str]) -> WordHead | None:
    """Learn from the terms of passages and their concepts; None where no head is learned (see `can_learn`)."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    slugs, concepts = np.unique(np.array(labels, dtype=object), return_inverse=True)
    if not can_learn(len(labels), len(slugs)):
        return None
    names, counts = _every_name(texts)
    if not names:
        return None
    passages_with = np.bincount(counts.indices, minlength=len(names))
    rarity = (np.log((1 + len(texts)) / (1 + passages_with)) + 1).astype(np.float32)
    counts.data = (1 + np.log(counts.data)) * rarity[counts.indices]
    squares = np.add.reduceat(np.append(counts.data**2, 0.0), counts.indptr[:-1]) * (np.diff(counts.indptr) > 0)
    counts.data /= np.repeat(np.sqrt(squares), np.diff(counts.indptr))
    ones = np.ones(len(labels), dtype=np.float64)
    of_concept = csr_matrix((ones, (concepts, np.arange(len(labels)))), shape=(len(slugs), len(labels)))
    weights = (of_concept @ counts).tocsc()
    weights.sort_indices()
    totals = np.bincount(weights.indices, weights=weights.data, minlength=len(slugs))
    keys = _keys(names)
    order = np.argsort(keys, kind="stable")
    return WordHead(
        tuple(slugs.tolist()),
        keys[order],
        order.astype(np.int32),
        rarity,
        weights.indptr.astype(np.int64),
        weights.indices.astype(np.int32),
        np.log1p(weights.data / _SMOOTHING).astype(np.float32),
        np.log(totals + _SMOOTHING * len(keys)).astype(np.float32),
    )


def _every_name(texts: WordRows) -> tuple[list[str], Any]:
    """Return all words and all pairs of neighbours, and how often each occurs in each text (n, v), sparse."""
    from scipy.sparse import csr_matrix

    text_of_word, words = texts.text_of_word, len(texts.vocabulary)
    neighbours = np.flatnonzero(text_of_word[:-1] == text_of_word[1:])
    keys = texts.numbers[neighbours].astype(np.int64) * words + texts.numbers[neighbours + 1]
    pairs, numbers = np.unique(keys, return_inverse=True)
    first, second = np.divmod(pairs, max(1, words))
    names = [*texts.vocabulary]
    names += [f"{names[one]} {names[two]}" for one, two in zip(first.tolist(), second.tolist(), strict=True)]
    columns = np.concatenate([texts.numbers, numbers + words])
    rows = np.concatenate([text_of_word, text_of_word[neighbours]])
    counts = csr_matrix((np.ones(len(rows), dtype=np.float64), (rows, columns)), shape=(len(texts), len(names)))
    counts.sum_duplicates()
    return names, counts


def _counts(terms: Sequence[str]) -> Counter[str]:
    """Return the words and the pairs of neighbouring words of a text, with how often each occurs."""
    return Counter([*terms, *(f"{first} {second}" for first, second in pairwise(terms))])


def _keys(names: Iterable[str]) -> NDArray[np.uint64]:
    """Return a number for each word or pair; that two of a million share one is as likely as one in 40 million."""
    digests = b"".join(hashlib.blake2b(name.encode(), digest_size=_KEY_BYTES).digest() for name in names)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def _file(folder: Path, name: str) -> Path:
    return folder / f"words.{name}.npy"
