"""Numbers learned from the evaluation set's tune half, never from its test half."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("fitted.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each signal counts.

    Attributes:
        ranking: the weights of the ranking signals, in their order.
        confidence: the weights of the confidence signals, by name.
        intercept: that of the confidence's logistic model.
    """

    ranking: tuple[float, ...]
    confidence: dict[str, float]
    intercept: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """What `python -m tests.eval.fit` writes.

    Attributes:
        with_questions: for a library that lists how people ask for its concepts.
        without_questions: for one that does not.
        head_floor: the lowest log-probability that a head may give.
    """

    with_questions: Weights
    without_questions: Weights
    head_floor: float


@cache
def load_fitted() -> Fitted:
    """Read the numbers once."""
    data = json.loads(FILE.read_text(encoding="utf-8"))
    return Fitted(_weights(data["with_questions"]), _weights(data["without_questions"]), float(data["head_floor"]))


def _weights(data: dict[str, Any]) -> Weights:
    return Weights(tuple(data["ranking"]), dict(data["confidence"]), float(data["intercept"]))
