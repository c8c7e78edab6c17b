"""How probable it is that the best concept answers the question."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

# Logistic regression by hand on the shape of the evidence.
_INTERCEPT = -7.5
_SIMILARITY, _MARGIN, _NAMED = 17.0, 6.0, 3.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a search knows about its best concept.

    Attributes:
        best_similarity: the highest cosine of any passage with the question.
        margin: by how much the best concept beats the next.
        named: how strongly the question calls the best concept by name, 0 to 1.
        terms: how many terms the question has beside function words.
    """

    best_similarity: float
    margin: float
    named: float
    terms: int


def confidence(evidence: Evidence) -> float:
    """Return the probability, from 0 to 1, that the best concept answers the question."""
    if evidence.terms == 0 and evidence.named == 0:
        return 0.0
    logit = (
        _INTERCEPT
        + _SIMILARITY * evidence.best_similarity
        + _MARGIN * min(evidence.margin, 0.5)
        + _NAMED * evidence.named
    )
    return 1 / (1 + exp(-max(-50.0, min(50.0, logit))))
