"""Concepts by name, as somebody writes it from memory: any of its names, and near misses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.generation import Concept
from index.lexical import words

_BRACKETS = re.compile(r"^(.*?)\s*\(([^()]+)\)\s*$")
# How like a name a misspelled one must be, from 0 to 100: one slip in a short word, two in a longer one.
_ALIKE = 82.0
_WORTH_OFFERING = 60.0
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

    def find(self, name: str) -> str | None:
        """Return the slug of the concept that a name means, allowing for a slip of the pen; None if unknown."""
        key = _key(name)
        if key in self._slugs:
            return self._slugs[key]
        plural = key.removesuffix("s")
        if plural in self._slugs:
            return self._slugs[plural]
        return next(iter(self._alike(key, _ALIKE, 1)), None) if len(key) > _SHORT else None

    def nearest(self, name: str, limit: int) -> tuple[str, ...]:
        """Return the slugs whose names are most like an unknown one, best first; perhaps none."""
        return tuple(self._alike(_key(name), _WORTH_OFFERING, limit))

    def _alike(self, key: str, cutoff: float, limit: int) -> list[str]:
        from rapidfuzz import fuzz, process

        found = process.extract(key, self._slugs.keys(), scorer=fuzz.ratio, score_cutoff=cutoff, limit=4 * limit)
        return list(dict.fromkeys(self._slugs[name] for name, _, _ in found))[:limit]


def _titles(concept: Concept) -> list[str]:
    """Return a title, and both halves of one such as `Artificial General Intelligence (AGI)`."""
    halves = _BRACKETS.match(concept.title)
    return [concept.title, concept.slug, *(halves.groups() if halves else ())]


def _aliases(concept: Concept) -> tuple[str, ...]:
    return concept.aliases


def _key(name: str) -> str:
    return "".join(words(name))
