"""What the library has on the two subjects of a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.comparison import Subjects
from index.lexical import terms, words
from index.search_result import RankedConcept, SearchResult

_MAX_NAME_WORDS = 4
_DESCRIPTION_TERMS = 3
# A side that is not sure by itself counts where its best and the whole question's best have a concept in common.
_ALIKE = 3
_MIN_NAME_CONFIDENCE = 0.3
# Below this it is plain that nothing in the library goes by that name.
_MAX_MISSING_CONFIDENCE = 0.15
# Where the words could be meant otherwise, both sides must be near the top for the whole question too.
_NEAR_TOP = 5


@dataclass(frozen=True, slots=True)
class Sides:
    """Which pages answer a comparison.

    Attributes:
        slugs: the two concepts in the order they were asked for; one, if one page is all there is.
        missing: the subject that no page covers, in the question's words; empty when both are covered.
        certainty: the probability that the less certain of the concepts is what was meant.
    """

    slugs: tuple[str, ...]
    missing: str
    certainty: float


def find_sides(
    alone: Mapping[str, SearchResult],
    readings: Sequence[Subjects],
    context: str | None,
    whole: SearchResult,
    threshold: float,
) -> Sides | None:
    """Return what the subjects of the surest reading found; None if it is no comparison.

    Args:
        alone: what each subject finds by itself.
        readings: the ways to read the question.
        context: what was talked about, for a question that points back at it.
        whole: what the whole question finds.
        threshold: from which confidence a subject counts as covered.
    """
    best: tuple[tuple[int, float], Sides] | None = None
    for subjects in readings:
        before = subjects.first or context
        if not before:
            continue
        found = alone[before], alone[subjects.second]
        sides = _judge(subjects, found, whole, threshold)
        if sides is None:
            continue
        order = (len(sides.slugs), 0.0 if sides.missing else min(item.confidence for item in found))
        if best is None or order > best[0]:
            best = order, sides
    return best[1] if best else None


def rank_both(sides: Sides, ranked: tuple[RankedConcept, ...]) -> tuple[RankedConcept, ...]:
    """Return a ranking with the concepts of a comparison first; which of them leads, the whole question decides."""
    top = max((item.score for item in ranked), default=1.0)
    place = {item.slug: number for number, item in enumerate(ranked)}
    first = sorted(sides.slugs, key=lambda slug: place.get(slug, len(place)))
    rest = (item for item in ranked if item.slug not in sides.slugs)
    return (*(RankedConcept(slug, top) for slug in first), *rest)


def _judge(
    subjects: Subjects, found: tuple[SearchResult, SearchResult], whole: SearchResult, threshold: float
) -> Sides | None:
    sure = [bool(item.concepts) and item.confidence >= threshold for item in found]
    slugs = [item.concepts[0].slug if ok else None for item, ok in zip(found, sure, strict=True)]
    texts = (subjects.first, subjects.second)
    if any(sure) and not all(sure):
        unsure = sure.index(False)
        slugs[unsure] = _agreed(texts[unsure], found[unsure], whole, slugs[1 - unsure])
    first, second = slugs
    if first is not None and second is not None:
        certainty = min(
            _certainty(slug, side, whole, by_itself=ok)
            for slug, side, ok in zip((first, second), found, sure, strict=True)
        )
        if certainty < threshold:
            return None
        near = {item.slug for item in whole.concepts[:_NEAR_TOP]}
        if subjects.plain or (first != second and near.issuperset((first, second))):
            return Sides(tuple(dict.fromkeys((first, second))), "", certainty)
        return None
    unsure = slugs.index(None)
    missing = texts[unsure]
    # A description that finds nothing by itself may still be understood within the whole question; a name is not.
    names = all(len(words(text)) <= _MAX_NAME_WORDS for text in texts)
    # What was searched for by its words alone, as the vectors were away, proves nothing by not being found.
    nothing = not found[unsure].partial and found[unsure].confidence < _MAX_MISSING_CONFIDENCE
    if any(sure) and subjects.plain and missing and names and nothing:
        return Sides(tuple(slug for slug in slugs if slug), missing, max(item.confidence for item in found))
    return None


def _certainty(slug: str, side: SearchResult, whole: SearchResult, *, by_itself: bool) -> float:
    """Return how probable it is that a side means a concept: an unsure side borrows from the whole question."""
    if by_itself:
        return side.confidence
    own = side.confidence if side.concepts[0].slug == slug else 0.0
    return 1 - (1 - own) * (1 - whole.confidence)


def _agreed(text: str, side: SearchResult, whole: SearchResult, other: str | None) -> str | None:
    """Return the concept that an unsure side and the whole question point to alike, beside the other side's."""
    own = [item.slug for item in side.concepts[:_ALIKE]]
    if len(terms(text)) < _DESCRIPTION_TERMS:
        own = own[:1] if side.confidence >= _MIN_NAME_CONFIDENCE else []
    asked = [item.slug for item in whole.concepts[:_ALIKE]]
    return next((slug for slug in asked if slug in own and slug != other), None)


def with_certainty(result: SearchResult, sides: Sides) -> SearchResult:
    """Return what the whole question found with the concepts of its comparison first, and as sure as these are."""
    return replace(
        result,
        concepts=rank_both(sides, result.concepts),
        confidence=max(result.confidence, sides.certainty),
    )
