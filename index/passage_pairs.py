"""Which passage that appeared is a new version of one that vanished."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

# Comparing every old text with every new one costs their product; beyond this, texts are paired in their order.
_MAX_COMPARISONS = 20_000


def pair(vanished: Sequence[str], appeared: Sequence[str]) -> list[tuple[str, str]]:
    """Pair as many texts as there are on both sides, the most alike first."""
    count = min(len(vanished), len(appeared))
    if len(vanished) * len(appeared) > _MAX_COMPARISONS or len(vanished) == len(appeared) == 1:
        return list(zip(vanished[:count], appeared[:count], strict=True))
    likeness = sorted(
        (-fuzz.ratio(old, new), old_place, new_place)
        for old_place, old in enumerate(vanished)
        for new_place, new in enumerate(appeared)
    )
    left, right = set(range(len(vanished))), set(range(len(appeared)))
    pairs: list[tuple[int, int]] = []
    for _, old_place, new_place in likeness:
        if old_place in left and new_place in right:
            left.remove(old_place)
            right.remove(new_place)
            pairs.append((old_place, new_place))
    return [(vanished[old_place], appeared[new_place]) for old_place, new_place in sorted(pairs)]
