from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from bot.evaluation.measures import auroc, bootstrap, calibration_error, coverage_at_risk, mean


def test_auroc_agrees_with_scikit_learn() -> None:
    random = np.random.default_rng(1)
    positive, negative = random.normal(1, 1, 200).round(1), random.normal(0, 1, 300).round(1)
    labels = [1] * 200 + [0] * 300
    assert auroc(positive, negative) == pytest.approx(roc_auc_score(labels, np.concatenate([positive, negative])))


def test_coverage_stops_before_too_many_answers_are_wrong() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6])
    assert coverage_at_risk(confidence, np.array([True, True, False, True]), 0.0) == (0.5, 0.8)
    assert coverage_at_risk(confidence, np.array([True, True, False, True]), 0.25) == (1.0, 0.6)
    assert coverage_at_risk(confidence, np.array([False, True, True, True]), 0.1) == (0.0, 1.0)
    assert coverage_at_risk(np.array([0.9, 0.9]), np.array([True, False]), 0.1) == (0.0, 1.0), "equals go together"


def test_calibration() -> None:
    assert calibration_error(np.array([1.0, 0.0]), np.array([True, False])) == 0
    assert calibration_error(np.array([0.95] * 10), np.array([True] * 5 + [False] * 5)) == pytest.approx(0.45)


def test_intervals_hold_the_value() -> None:
    measure = mean([0.0, 1.0] * 50)
    assert measure.low < measure.value == 0.5 < measure.high
    assert bootstrap(lambda rows: float(len(rows)), 0).questions == 0
