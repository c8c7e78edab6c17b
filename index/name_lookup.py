"""Concepts by name, as somebody writes it from memory: any of its names, and near misses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.generation import Concept
from index.lexical import words

_BRACKETS = re.compile(r"^(.*?)\s*\(([^()]+)\)\s*$")
# How like a name a misspelled one must be, from 0 to 100, to be taken for it: one slip in a short word, two in a
# longer one; and how like to be offered, to somebody who is asked whether they meant it.
_ALIKE = 82.0
_WORTH_OFFERING = 78.0
# One word of a long name, or its beginning, says less than the whole of it.
_PART = 0.95
_SHORT = 4


class NameLookup:
    """Every name of a library's concepts, compared without case, punctuation and spaces."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        """Collect titles, aliases and slugs; where two concepts claim a name, a title wins over an alias."""
        self._slugs: dict[str, str] = {}
        known = sorted(concepts, key=lambda concept: (concept.lang != "en", concept.slug))
        for names_of in (_titles, _aliases):
            for concept in known:
                for name in names_of(concept):
                    if key := _key(name):
                        self._slugs.setdefault(key, concept.slug)

    def exact(self, name: str) -> str | None:
        """Return the slug of the concept that a name means, in the singular or the plural; None if unknown."""
        key = _key(name)
        return self._slugs.get(key) or self._slugs.get(key.removesuffix("s"))

    def find(self, name: str) -> str | None:
        """Return the slug of the concept that a name means, allowing for a slip of the pen; None if unknown."""
        from rapidfuzz import fuzz, process

        key = _key(name)
        if (found := self.exact(name)) is not None or len(key) <= _SHORT:
            return found
        alike = process.extractOne(key, self._slugs.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        return self._slugs[alike[0]] if alike else None

    def nearest(self, name: str, limit: int) -> tuple[str, ...]:
        """Return the slugs whose names, or a part of them, are most like an unknown one, best first; perhaps none."""
        from rapidfuzz import fuzz

        key = _key(name)
        if len(key) < _SHORT:
            return ()
        best: dict[str, float] = {}
        for known, slug in self._slugs.items():
            if len(known) < _SHORT or len(key) > len(known) + 2:
                continue
            part = fuzz.partial_ratio(key, known, score_cutoff=_WORTH_OFFERING / _PART)
            alike = max(fuzz.ratio(key, known), _PART * part)
            if alike >= _WORTH_OFFERING:
                best[slug] = max(alike, best.get(slug, 0.0))
        return tuple(sorted(best, key=lambda slug: (-best[slug], slug))[:limit])


def _titles(concept: Concept) -> list[str]:
    """Return a title, and both halves of one such as `Artificial General Intelligence (AGI)`."""
    halves = _BRACKETS.match(concept.title)
    return [concept.title, concept.slug, *(halves.groups() if halves else ())]


def _aliases(concept: Concept) -> tuple[str, ...]:
    return concept.aliases


def _key(name: str) -> str:
    return "".join(words(name))
