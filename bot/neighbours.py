"""What lies around a concept: what to understand before it, and what is related."""

from __future__ import annotations

from dataclasses import dataclass

from index.generation import Concept, Generation

_MOST = 5


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The pages around one, each named once: those it builds on come before those that are only near.

    Attributes:
        before: what to understand first.
        related: what its author calls related.
        after: what builds on it.
    """

    before: tuple[Concept, ...]
    related: tuple[Concept, ...]
    after: tuple[Concept, ...]


def neighbours(generation: Generation, concept: Concept, lang: str) -> Neighbours:
    """Return the neighbours that have a page, at most five of each sort."""
    taken = {concept.slug}

    def pages(slugs: list[str] | tuple[str, ...]) -> tuple[Concept, ...]:
        found = [
            page for slug in dict.fromkeys(slugs) if slug not in taken and (page := generation.concept(slug, lang))
        ]
        taken.update(page.slug for page in found[:_MOST])
        return tuple(found[:_MOST])

    building_on = sorted(slug for (_, slug), other in generation.concepts.items() if concept.slug in other.requires)
    return Neighbours(before=pages(concept.requires), related=pages(concept.related), after=pages(building_on))
