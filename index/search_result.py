"""What a search found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from index.embedding import Vectors
from index.passage_ranking import Scores


class RankedConcept(NamedTuple):
    """A concept and how well it fits a question; scores compare within one search only."""

    slug: str
    score: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found.

    Attributes:
        concepts: all concepts, best first; those alone that were meant, where that is known without a search.
        confidence: the probability, from 0 to 1, that the first concept answers the question.
        passage_scores: how well each passage of the generation fits, by position; empty without a search.
        query_vector: the question's unit vector, for choosing sentences; empty without a search.
        partial: whether passages were compared by their words only, so that little confidence proves nothing.
    """

    concepts: tuple[RankedConcept, ...]
    confidence: float
    passage_scores: Scores
    query_vector: Vectors
    partial: bool = False

    @classmethod
    def of(cls, *slugs: str, confidence: float = 1.0) -> SearchResult:
        """Return a result with concepts that are known, and nothing of passages."""
        nothing = np.zeros(0, dtype=np.float32)
        return cls(tuple(RankedConcept(slug, 1.0) for slug in slugs), confidence, nothing, nothing)
