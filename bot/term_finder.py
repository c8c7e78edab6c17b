"""Finding the library's concepts by name: in a message, or one name at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.terms import MAX_TERMS, Terms, Unknown
from index.generation import Concept
from index.name_lookup import NameLookup
from index.search import Searcher

MAX_FOUND = 8
_NEAREST = 5
_NEAREST_NAMES = 2
# A name that is one everyday word ("agent", "debate") says little; below this it may be meant as a word.
_SAYS_ENOUGH = 0.35


class TermFinder:
    """Finds concepts by name in one generation; safe to use from several threads at once."""

    def __init__(self, searcher: Searcher) -> None:
        """Use a searcher, for its names and for what is near."""
        self._searcher = searcher
        self._lookup = NameLookup(searcher.generation.concepts.values())

    def in_text(self, text: str, lang: str = "en") -> Terms:
        """Return the concepts that a text names, those that say most first; else those it is nearest to."""
        best: dict[str, float] = {}
        for match in self._searcher.named(text, lang):
            if match.weight >= _SAYS_ENOUGH:
                best[match.slug] = max(best.get(match.slug, 0.0), match.weight)
        if best:
            ordered = sorted(best, key=lambda slug: (-best[slug], slug))
            found = self._pages(ordered, lang)
            return Terms(found[:MAX_FOUND], left_out=max(0, len(found) - MAX_FOUND))
        near = self._searcher.search(text, lang=lang).concepts[:_NEAREST]
        return Terms((), nearest=self._pages([item.slug for item in near], lang))

    def by_name(self, names: Sequence[str], lang: str = "en") -> Terms:
        """Return the concepts that names stand for, a slip of the pen allowed, and those names that stand for none."""
        found: dict[str, None] = {}
        unknown: list[Unknown] = []
        for name in names[:MAX_TERMS]:
            slug = self._lookup.find(name)
            if slug is not None:
                found[slug] = None
            else:
                unknown.append(Unknown(name, self._pages(self._lookup.nearest(name, _NEAREST_NAMES), lang)))
        return Terms(self._pages(found, lang), tuple(unknown), left_out=max(0, len(names) - MAX_TERMS))

    def _pages(self, slugs: Iterable[str], lang: str) -> tuple[Concept, ...]:
        concepts = (self._searcher.generation.concept(slug, lang) for slug in slugs)
        return tuple(concept for concept in concepts if concept is not None)
