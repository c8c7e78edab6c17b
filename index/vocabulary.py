"""Which words a library uses and how often: counted once, when a generation is built."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.lexical import words
from index.word_rows import WordRows

FILE = "vocabulary.json"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a library.

    Attributes:
        words: how often each word occurs, names counted twice as they are surely spelled well.
        passages_with: in how many passages each term occurs.
        passages: how many passages there are.
    """

    words: Counter[str]
    passages_with: Counter[str]
    passages: int

    @classmethod
    def of(cls, spoken: WordRows, terms: WordRows, names: Iterable[str]) -> Vocabulary:
        """Count the words that passages say, the terms that they and their titles hold, and the names of concepts."""
        counts = np.bincount(spoken.numbers, minlength=len(spoken.vocabulary))
        counted = Counter(dict(zip(spoken.vocabulary, counts.tolist(), strict=True)))
        for name in names:
            counted.update(2 * words(name))
        passages_with = np.bincount(terms.counted().indices, minlength=len(terms.vocabulary))
        return cls(counted, Counter(dict(zip(terms.vocabulary, passages_with.tolist(), strict=True))), len(spoken))

    def save(self, folder: Path) -> None:
        """Write it into a generation."""
        content = {"words": self.words, "passages_with": self.passages_with, "passages": self.passages}
        (folder / FILE).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Vocabulary:
        """Read what `save` wrote.

        Raises:
            OSError, ValueError, KeyError: the file is not what `save` wrote.
        """
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return cls(Counter(content["words"]), Counter(content["passages_with"]), int(content["passages"]))
