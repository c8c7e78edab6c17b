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

Score = Callable[[int], float]


def choose_passages(generation: Generation, concept: Concept, level: Level, score: Score) -> tuple[list[int], int]:
    """Return the positions of the passages to quote, in reading order, and how many were left out.

    A short tier is quoted whole. Of a longer one the best passages are, in the page's order. At the
    Advanced depth the page's own prose comes first, then what the references say, best first.
    """
    rows = whole_tier(generation, concept, level)
    prose = [row for row in rows if generation.passages[row].kind is PassageKind.TEXT]
    references = [row for row in rows if generation.passages[row].kind is PassageKind.REFERENCE]
    length = {row: len(generation.passages[row].text) for row in prose}
    length |= {row: len(generation.passages[row].text) + _REFERENCE_HEADING for row in references}
    if not references:
        kept = sorted(_best_within(prose, length, _SHORT_TIER, score))
        return kept, len(rows) - len(kept)
    kept = sorted(_best_within(prose, length, _ADVANCED_PROSE, score))
    room = _ADVANCED_TOTAL - sum(length[row] for row in kept)
    chosen = _best_within(references, length, room, score)
    return kept + chosen, len(rows) - len(kept) - len(chosen)


def whole_tier(generation: Generation, concept: Concept, level: Level) -> list[int]:
    """Return the positions of all passages of a depth, in the page's order, then what its references say."""
    return [
        row
        for row in generation.rows_of_concept.get(concept.slug, ())
        if generation.passages[row].lang == concept.lang and generation.passages[row].level is level
    ]


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
