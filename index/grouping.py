"""Scores of passages brought together by concept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


class Groups:
    """Which passages belong to which of n concepts; a passage may belong to none."""

    def __init__(self, concept_of_row: Sequence[int], concepts: int) -> None:
        """Group rows; -1 means that a row belongs to no concept."""
        rows: list[list[int]] = [[] for _ in range(concepts)]
        for row, concept in enumerate(concept_of_row):
            if concept >= 0:
                rows[concept].append(row)
        self._width = max((len(group) for group in rows), default=0)
        # Short groups are filled up with a row behind the last, which holds the lowest score.
        self._slots = np.full((concepts, max(1, self._width)), len(concept_of_row), dtype=np.int64)
        for concept, group in enumerate(rows):
            self._slots[concept, : len(group)] = group
        self._sizes = np.array([len(group) for group in rows], dtype=np.int64)[:, None]
        self.empty = self._width == 0

    def best(self, scores: Scores, weights: Sequence[float], *, lowest: float = 0.0) -> Scores:
        """Return for each concept (n,) the weighted mean of its best scores, as `weighted` does."""
        return self.weighted(self.top(scores, len(weights)), weights, lowest=lowest)

    def top(self, scores: Scores, count: int) -> Scores:
        """Return the best scores of each concept (n, count), best first; minus infinity where it has fewer rows."""
        falling = np.empty(len(scores) + 1, dtype=np.float32)  # sorting puts the lowest first
        np.negative(scores, out=falling[:-1])
        falling[-1] = np.inf
        padded = falling[self._slots]
        most = min(count, padded.shape[1])
        padded.partition(most - 1, axis=1)
        found: Scores = np.full((len(self._slots), count), -np.inf, dtype=np.float32)
        np.negative(np.sort(padded[:, :most], axis=1), out=found[:, :most])
        return found

    def weighted(self, top: Scores, weights: Sequence[float], *, lowest: float = 0.0) -> Scores:
        """Return for each concept (n,) the weighted mean of its first scores.

        Where a concept has fewer scores than weights its best one stands in; without any it gets `lowest`.
        """
        if self.empty:
            return np.full(len(self._slots), lowest, dtype=np.float32)
        scores = top[:, : len(weights)]
        first = np.where(self._sizes > 0, scores[:, :1], np.float32(lowest))
        known = self._sizes > np.arange(len(weights))
        combined: Scores = np.where(known, scores, first) @ np.array(weights, dtype=np.float32)
        return combined
