"""Topics by what people type: titles, aliases, their beginnings, and what was nearly typed right."""

from __future__ import annotations

from collections.abc import Iterable

from bot.answer_service import AnswerService
from index.generation import Concept
from index.lexical import words
from index.name_lookup import NameLookup

_DEFAULT_LANGUAGE = "en"


class TopicNames:
    """All names of a library's concepts for a reader of one language, who may use the English names as well."""

    def __init__(self, concepts: Iterable[Concept], lang: str) -> None:
        """Index the names; of a concept in several languages the reader's page is the one that is found."""
        concepts = list(concepts)
        self._lookup = NameLookup(concepts)
        pages: dict[str, dict[str, Concept]] = {}
        for concept in concepts:
            pages.setdefault(concept.slug, {})[concept.lang] = concept
        shown = [by_language.get(lang) or _english(by_language) for by_language in pages.values()]
        self.concepts: tuple[Concept, ...] = tuple(sorted(shown, key=lambda item: item.title.casefold()))
        self._by_slug = {concept.slug: concept for concept in self.concepts}
        self._names = [
            (" ".join(words(name)), rank, concept)
            for concept in self.concepts
            for page in dict.fromkeys((concept, _english(pages[concept.slug])))
            for rank, name in enumerate((page.title, *page.aliases))
        ]

    def find(self, typed: str) -> Concept | None:
        """Return the concept that was named by its slug, title or alias, or by how one of them begins."""
        slug = typed if typed in self._by_slug else self._lookup.exact(typed)
        if slug is not None:
            return self._by_slug[slug]
        return next(iter(self.matching(typed)), None) if words(typed) else None

    def matching(self, typed: str) -> list[Concept]:
        """Return the concepts of which a name has every word typed, as a beginning; best first."""
        wanted = words(typed)
        begin = " ".join(wanted)
        found: dict[str, tuple[int, str, Concept]] = {}
        for name, rank, concept in self._names:
            parts = name.split()
            if not all(any(part.startswith(word) for part in parts) for word in wanted):
                continue
            key = (0 if rank == 0 and name.startswith(begin) else 1 + min(1, rank), concept.title.casefold(), concept)
            if concept.slug not in found or key[0] < found[concept.slug][0]:
                found[concept.slug] = key
        return [concept for _, _, concept in sorted(found.values(), key=lambda item: item[:2])]

    def nearest(self, typed: str, limit: int) -> list[Concept]:
        """Return the concepts that may have been meant by something that names none, most alike first."""
        return [self._by_slug[slug] for slug in self._lookup.nearest(typed, limit)]

    def offered(self, typed: str, limit: int) -> list[Concept]:
        """Return what to offer someone who is typing: what matches, then what is nearly it."""
        matching = self.matching(typed)[:limit]
        return matching or self.nearest(typed, limit)


class TopicDirectory:
    """The names of the generation that serves, indexed once for each language."""

    def __init__(self, answers: AnswerService) -> None:
        """Follow what is served."""
        self._answers = answers
        self._generation = ""
        self._names: dict[str, TopicNames] = {}

    def names(self, lang: str) -> TopicNames:
        """Return the names for readers of a language.

        Raises:
            NotReadyError: there is no generation yet.
        """
        generation = self._answers.generation
        if generation.id != self._generation:
            self._generation, self._names = generation.id, {}
        if lang not in self._names:
            self._names[lang] = TopicNames(generation.concepts.values(), lang)
        return self._names[lang]


def _english(pages: dict[str, Concept]) -> Concept:
    """Return a concept's English page, else whichever it has."""
    return pages.get(_DEFAULT_LANGUAGE) or next(iter(pages.values()))
