"""Concepts that a question calls by name: titles, aliases and abbreviations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from index.generation import Concept
from index.lexical import terms, words
from index.vocabulary import Vocabulary

_MAX_NAME_TERMS = 8
_MAX_JOINED = 12


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A name found in a question.

    Attributes:
        slug: the concept it names.
        name: the name as the library writes it.
        weight: from 0 to 1, how much the name says: a rare or long one more than one everyday word.
        coverage: from 0 to 1, how much of the question's words the name makes up.
        written: whether it stands there letter by letter, not with other endings.
    """

    slug: str
    name: str
    weight: float
    coverage: float
    written: bool


class NameIndex:
    """All names of a library's concepts, by the terms that they are made of."""

    def __init__(self, concepts: Iterable[Concept], vocabulary: Vocabulary) -> None:
        """Index the names; the vocabulary says how rare each of their words is."""
        self._names: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        self._frequency = vocabulary.passages_with
        self._passages = max(1, vocabulary.passages)
        for concept in concepts:
            for name in (concept.title, *concept.aliases):
                key = _name_terms(name, concept.lang)
                joined = "".join(words(name))
                stemmed = tuple(terms(joined, concept.lang))
                # "pdoom" for "p(doom)": short names of several words are often typed as one.
                keys = [key, stemmed] if len(words(name)) > 1 and len(joined) <= _MAX_JOINED else [key]
                for form in keys:
                    if form and (concept.slug, name) not in self._names.setdefault(form, []):
                        self._names[form].append((concept.slug, name))

    def find(self, query: str, lang: str = "en") -> list[NameMatch]:
        """Return the names that occur in a question, longest first; a name inside a longer one is left out."""
        query_terms = _name_terms(query, lang)
        spoken = f" {' '.join(words(query))} "
        taken = [False] * len(query_terms)
        found: list[NameMatch] = []
        for length in range(min(_MAX_NAME_TERMS, len(query_terms)), 0, -1):
            for start in range(len(query_terms) - length + 1):
                key = query_terms[start : start + length]
                if any(taken[start : start + length]) or key not in self._names:
                    continue
                taken[start : start + length] = [True] * length
                coverage = length / len(query_terms)
                weight = self._weight(key)
                for slug, name in self._names[key]:
                    # Two names may have the same stems ("simulator theory", "simulation theory").
                    written = f" {' '.join(words(name))} " in spoken
                    found.append(NameMatch(slug, name, weight, coverage, written=written))
        return found

    def _weight(self, key: Sequence[str]) -> float:
        """Return how much information a name carries, against that of a term that occurs once."""
        rarest = log(1 + self._passages)
        return min(1.0, sum(log(1 + self._passages / (1 + self._frequency[term])) for term in key) / rarest)


def _name_terms(text: str, lang: str) -> tuple[str, ...]:
    """Return a name's terms; one made of function words alone keeps them."""
    return tuple(terms(text, lang)) or tuple(words(text))
