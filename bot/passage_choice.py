"""Which passages of a concept answer a question at a depth."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.generation import Concept, Generation
from index.levels import Level
from index.passages import PassageKind

# An answer that a person reads on a phone without losing the thread.
_SHORT_TIER = 3_200
_ADVANCED_PROSE = 1_300
_ADVANCED_TOTAL = 3_300
# What a work's linked title, authors and year take beside its summary.
_REFERENCE_HEADING = 230

ROOM_FOR_TWO = 2_950
"""How much text two concepts side by side may quote together, so that both fit into one message."""

Score = Callable[[int], float]


def choose_passages(
    generation: Generation, concept: Concept, level: Level, score: Score, *, room: int | None = None
) -> tuple[list[int], int]:
    """Return the positions of the passages to quote, in reading order, and how many were left out.

    A short tier is quoted whole. Of a longer one the best passages are, in the page's order. At the
    Advanced depth the page's own prose comes first, then what the references say, best first. With
    `room` all of it takes at most about that many characters.
    """
    length = _lengths(generation, concept, level)
    rows = list(length)
    prose = [row for row in rows if generation.passages[row].kind is PassageKind.TEXT]
    references = [row for row in rows if generation.passages[row].kind is PassageKind.REFERENCE]
    if not references:
        kept = sorted(_best_within(prose, length, room or _SHORT_TIER, score))
        return kept, len(rows) - len(kept)
    total = room or _ADVANCED_TOTAL
    kept = sorted(_best_within(prose, length, _ADVANCED_PROSE * total // _ADVANCED_TOTAL, score))
    chosen = _best_within(references, length, total - sum(length[row] for row in kept), score)
    return kept + chosen, len(rows) - len(kept) - len(chosen)


def tier_length(generation: Generation, concept: Concept, level: Level) -> int:
    """Return how many characters a whole tier takes."""
    return sum(_lengths(generation, concept, level).values())


def fair_shares(wanted: Sequence[int], room: int) -> list[int]:
    """Return how much of a room each of two gets: half, or less where it wants less and the other one more."""
    first, second = wanted
    half = room // 2
    if first <= half:
        return [first, min(second, room - first)]
    return [max(half, room - second), min(second, half)] if second <= half else [half, half]


def _lengths(generation: Generation, concept: Concept, level: Level) -> dict[int, int]:
    """Return the length of each passage of a tier, by its position."""
    lengths: dict[int, int] = {}
    for row in generation.rows_of_concept.get(concept.slug, ()):
        passage = generation.passages[row]
        if passage.lang == concept.lang and passage.level is level:
            heading = _REFERENCE_HEADING if passage.kind is PassageKind.REFERENCE else 0
            lengths[row] = len(passage.text) + heading
    return lengths


def whole_tier(generation: Generation, concept: Concept, level: Level) -> list[int]:
    """Return the positions of all passages of a depth, in the page's order, then what its references say."""
    return list(_lengths(generation, concept, level))


def _best_within(rows: Sequence[int], length: dict[int, int], room: int, score: Score) -> list[int]:
    """Return as many of the best rows as fit, best first; at least one, whatever its length."""
    if sum(length[row] for row in rows) <= room:
        return sorted(rows, key=score, reverse=True)
    chosen: list[int] = []
    used = 0
    for row in sorted(rows, key=score, reverse=True):
        if chosen and used + length[row] > room:
            continue
        chosen.append(row)
        used += length[row]
    return chosen
