"""The words of many texts as numbers, so that a large library is counted by arrays instead of word by word."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]
Places = NDArray[np.int64]

_NUMBERS_FILE, _VOCABULARY_FILE = "passage_words.npz", "passage_words.json"
_NONE = -1


@dataclass(frozen=True, slots=True)
class WordRows:
    """Texts, a row each; equal texts in equal order give equal rows, however these were put together.

    Attributes:
        vocabulary: the words, in the order in which they first occur.
        numbers: (t,) for every word of every text its place in the vocabulary.
        starts: (n + 1,) where each text begins in `numbers`.
    """

    vocabulary: tuple[str, ...]
    numbers: Numbers
    starts: Places

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]]) -> WordRows:
        """Number the words of texts."""
        known: dict[str, int] = {}
        numbers: list[int] = []
        starts = [0]
        for text in texts:
            numbers.extend(known.setdefault(word, len(known)) for word in text)
            starts.append(len(numbers))
        return cls(tuple(known), np.array(numbers, dtype=np.int32), np.array(starts, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> Places:
        """How many words each text has (n,)."""
        return np.diff(self.starts)

    @property
    def text_of_word(self) -> Numbers:
        """The row that each word stands in (t,)."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.lengths)

    def counted(self) -> Any:
        """Return how often each word occurs in each text (n, v), as SciPy's sparse rows of float32."""
        from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

        ones = np.ones(len(self.numbers), dtype=np.float32)
        counts = csr_matrix((ones, self.numbers, self.starts), shape=(len(self), len(self.vocabulary)))
        counts.sum_duplicates()
        return counts

    def take(self, rows: Places) -> WordRows:
        """Return the texts of rows (m,), each as often as it is named."""
        return self._gathered(self.vocabulary, self.numbers, self.starts[:-1][rows], self.lengths[rows])

    def take_with(self, others: WordRows, rows: Places) -> WordRows:
        """Return the texts of rows (m,), of which those from `len(self)` on are the others'."""
        vocabulary, numbers = self._joined(others)
        begins = np.concatenate([self.starts[:-1], others.starts[:-1] + len(self.numbers)])
        lengths = np.concatenate([self.lengths, others.lengths])
        return self._gathered(vocabulary, numbers, begins[rows], lengths[rows])

    def extended_by(self, others: WordRows) -> WordRows:
        """Return each of these texts with the other in the same row appended to it."""
        vocabulary, numbers = self._joined(others)
        begins = np.stack([self.starts[:-1], others.starts[:-1] + len(self.numbers)], axis=1).ravel()
        lengths = np.stack([self.lengths, others.lengths], axis=1).ravel()
        both = self._gathered(vocabulary, numbers, begins, lengths)
        return WordRows(both.vocabulary, both.numbers, both.starts[::2])

    def mapped(self, change: Callable[[str, str], str | None], langs: Sequence[str]) -> WordRows:
        """Return the texts with each word changed, or left out where the change gives None.

        Args:
            change: gives a word's other form in a language; asked once for each word and language.
            langs: the language of each text.
        """
        known: dict[str, int] = {}
        changed = np.full(len(self.numbers), _NONE, dtype=np.int32)
        lang_of_text = np.array(langs, dtype=object)
        texts = self.text_of_word
        for lang in dict.fromkeys(langs):
            mine = (lang_of_text == lang)[texts]
            table = np.full(len(self.vocabulary), _NONE, dtype=np.int32)
            for number in np.unique(self.numbers[mine]).tolist():
                word = change(self.vocabulary[number], lang)
                if word is not None:
                    table[number] = known.setdefault(word, len(known))
            changed[mine] = table[self.numbers[mine]]
        kept = changed != _NONE
        counts = np.bincount(texts[kept], minlength=len(self))
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return _in_order(tuple(known), changed[kept], starts)

    def save(self, folder: Path) -> None:
        """Write the texts into a folder."""
        (folder / _VOCABULARY_FILE).write_text(json.dumps(self.vocabulary, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / _NUMBERS_FILE, numbers=self.numbers, starts=self.starts)

    @classmethod
    def load(cls, folder: Path) -> WordRows:
        """Read what `save` wrote.

        Raises:
            OSError, ValueError, KeyError: the files are not what `save` wrote.
        """
        vocabulary = json.loads((folder / _VOCABULARY_FILE).read_text(encoding="utf-8"))
        with np.load(folder / _NUMBERS_FILE, allow_pickle=False) as data:
            return cls(tuple(vocabulary), data["numbers"], data["starts"])

    def _joined(self, others: WordRows) -> tuple[tuple[str, ...], Numbers]:
        """Return a vocabulary of both, and the numbers of both in it."""
        known = {word: number for number, word in enumerate(self.vocabulary)}
        table = np.array([known.setdefault(word, len(known)) for word in others.vocabulary], dtype=np.int32)
        theirs = table[others.numbers] if len(table) else others.numbers
        return tuple(known), np.concatenate([self.numbers, theirs])

    @staticmethod
    def _gathered(vocabulary: tuple[str, ...], numbers: Numbers, begins: Places, lengths: Places) -> WordRows:
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        places = np.repeat(begins - starts[:-1], lengths)
        places += np.arange(starts[-1])
        return _in_order(vocabulary, numbers[places], starts)


def _in_order(vocabulary: tuple[str, ...], numbers: Numbers, starts: Places) -> WordRows:
    """Renumber words in the order in which they first occur, without those that do not."""
    first = np.full(len(vocabulary), len(numbers), dtype=np.int64)
    # Backwards, so that the first place is what is written last.
    first[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)
    order = np.argsort(first, kind="stable")
    order = order[: int((first < len(numbers)).sum())]
    table = np.empty(len(vocabulary), dtype=np.int32)
    table[order] = np.arange(len(order), dtype=np.int32)
    return WordRows(tuple(vocabulary[number] for number in order.tolist()), table[numbers], starts)
