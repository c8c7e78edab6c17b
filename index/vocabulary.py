"""Which words a library uses and how often: counted once, when a generation is built."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.lexical import terms, words
from index.passages import Passage
from index.plain import plain_text

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
    def of(cls, passages: Sequence[Passage], names: Iterable[str]) -> Vocabulary:
        """Count the words of passages, and of the names of concepts."""
        spoken: Counter[str] = Counter()
        passages_with: Counter[str] = Counter()
        for passage in passages:
            text = plain_text(passage.text)
            spoken.update(words(text))
            about = f"{passage.title} " if passage.quotable else ""
            passages_with.update(set(terms(about + text, passage.lang)))
        for name in names:
            spoken.update(2 * words(name))
        return cls(spoken, passages_with, len(passages))

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
