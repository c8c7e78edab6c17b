"""Words that nobody has written before are read as the nearest word that somebody has."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from index.lexical import words

_MIN_LENGTH = 5
_LONG = 8
# A word must occur this often to be what a misspelled one was meant to be.
_MIN_OCCURRENCES = 2
_KEPT = 1_000


class Spelling:
    """Corrects misspelled words of a question to the library's own vocabulary."""

    def __init__(self, counts: Counter[str]) -> None:
        """Correct to the words given, by how often each occurs in the library."""
        self._counts = counts
        self._candidates = [word for word, count in self._counts.items() if self._is_candidate(word, count)]
        # Looking for the neighbours of a word takes as long as ranking does, and a comparison is read four times.
        self._nearest = lru_cache(_KEPT)(self._find_nearest)

    def correct(self, text: str) -> str:
        """Return the text with each unknown word replaced by its one near neighbour, if it has one."""
        corrected = text
        for word in dict.fromkeys(words(text)):
            if word in self._counts or len(word) < _MIN_LENGTH or not word.isalpha():
                continue
            if nearest := self._nearest(word):
                corrected = _replace(corrected, word, nearest)
        return corrected

    def _is_candidate(self, word: str, count: int) -> bool:
        return count >= _MIN_OCCURRENCES and len(word) >= _MIN_LENGTH - 1 and word.isalpha()

    def _find_nearest(self, word: str) -> str | None:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        allowed = 2 if len(word) >= _LONG else 1
        found = process.extract(word, self._candidates, scorer=OSA.distance, score_cutoff=allowed, limit=5)
        best = min(found, key=lambda item: (item[1], item[0][0] != word[0], -self._counts[item[0]]), default=None)
        return str(best[0]) if best else None


def _replace(text: str, word: str, by: str) -> str:
    """Replace a word wherever it stands, whatever its case."""
    pieces = []
    rest = text
    while (place := rest.casefold().find(word)) >= 0 and len(rest.casefold()) == len(rest):
        pieces += [rest[:place], by]
        rest = rest[place + len(word) :]
    return "".join([*pieces, rest])
