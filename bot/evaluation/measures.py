"""What is measured of a ranking and of an abstention, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_RESAMPLES = 1_000
_INTERVAL = (2.5, 97.5)
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure with its 95% bootstrap interval over questions, and how many questions it rests on."""

    value: float
    low: float
    high: float
    questions: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def mean(values: Sequence[float]) -> Measure:
    """Return the mean of one value a question."""
    return bootstrap(lambda rows: float(np.mean(np.asarray(values)[rows])), len(values))


def bootstrap(statistic: Callable[[NDArray[np.int64]], float], size: int, *, seed: int = 1) -> Measure:
    """Return a statistic of question rows with its interval over resampled questions."""
    if size == 0:
        return Measure(float("nan"), float("nan"), float("nan"), 0)
    random = np.random.default_rng(seed)
    resampled = [statistic(random.integers(0, size, size)) for _ in range(_RESAMPLES)]
    finite = [value for value in resampled if np.isfinite(value)] or [float("nan")]
    low, high = np.percentile(finite, _INTERVAL)
    return Measure(statistic(np.arange(size)), float(low), float(high), size)


def auroc(positive: Values, negative: Values) -> float:
    """Return the probability that a positive has the higher confidence than a negative; ties count half."""
    if not len(positive) or not len(negative):
        return float("nan")
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, side="left")
    equal = np.searchsorted(ordered, positive, side="right") - below
    return float(np.mean(below + equal / 2) / len(negative))


def coverage_at_risk(confidence: Values, correct: NDArray[np.bool_], risk: float) -> tuple[float, float]:
    """Return the largest share of questions that can be answered with at most `risk` of the answers wrong.

    The second value is the confidence from which on questions are then answered.
    """
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(~correct[order]) / np.arange(1, len(order) + 1)
    # A threshold cannot tell equal confidences apart.
    last_of_equals = np.append(np.diff(confidence[order]) != 0, True)
    allowed = np.flatnonzero((wrong <= risk) & last_of_equals)
    if not len(allowed):
        return 0.0, 1.0
    last = int(allowed[-1])
    return (last + 1) / len(order), float(confidence[order][last])


def calibration_error(confidence: Values, correct: NDArray[np.bool_], bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width."""
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for place in range(bins):
        inside = places == place
        if inside.any():
            error += inside.mean() * abs(float(correct[inside].mean()) - float(confidence[inside].mean()))
    return float(error)
