"""Numbers learned from the evaluation set's tune half, never from its test half."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("fitted.json")


@dataclass(frozen=True, slots=True)
class Fitted:
    """What `python -m tests.eval.fit` writes.

    Attributes:
        ranking: the weights of the ranking signals.
        ranking_without_questions: the same for a library that has no list of asked questions.
        head_floor: the lowest log-probability that the head may give.
        confidence: the weights of the confidence signals, by name.
        confidence_intercept: the logistic model's intercept.
    """

    ranking: tuple[float, ...]
    ranking_without_questions: tuple[float, ...]
    head_floor: float
    confidence: dict[str, float]
    confidence_intercept: float


@cache
def load_fitted() -> Fitted:
    """Read the numbers once."""
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    return Fitted(
        ranking=tuple(data["ranking"]),
        ranking_without_questions=tuple(data["ranking_without_questions"]),
        head_floor=float(data["head_floor"]),
        confidence=dict(data["confidence"]),
        confidence_intercept=float(data["confidence_intercept"]),
    )
