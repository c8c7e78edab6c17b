"""How probable it is that the best concept answers the question."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp

from index.fitted import Weights

CONFIDENCE_SIGNALS = (
    "share",
    "margin",
    "score",
    "text",
    "sentences",
    "lexical",
    "asked",
    "asked lexical",
    "name",
    "head",
    "words",
    "best text",
    "best question",
    "best questions",
    "outside",
    "asked beyond outside",
    "head outside",
    "words outside",
    "terms",
)
"""What the probability rests on; `tests/eval/fit.py` learns how much each counts."""


def confidence(evidence: Mapping[str, float], weights: Weights) -> float:
    """Return the probability, from 0 to 1, that the best concept answers the question (a logistic model)."""
    logit = weights.intercept
    for name, weight in weights.confidence.items():
        logit += weight * evidence[name]
    return 1 / (1 + exp(-max(-50.0, min(50.0, logit))))
