"""`python -m tests.eval.fit`: learn how much each signal counts, from the tune half of the evaluation set.

Writes `index/fitted.json`. Ranking weights by conditional logit (which concept, given that one answers);
confidence by logistic regression over in-scope questions, the same questions with their concepts left out, and
questions out of scope. The test half is never read.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from bot.config import load_settings
from bot.evaluation.measures import auroc, coverage_at_risk
from bot.evaluation.questions import EvaluationQuestion, read_evaluation
from bot.local_answers import build
from index.confidence import CONFIDENCE_SIGNALS
from index.embedding import find_model
from index.fitted import FILE
from index.generation_store import GenerationStore
from index.search import Searcher
from index.serving_form import load_encoder
from index.signals import RANKING_SIGNALS, Signals

HERE = Path(__file__).resolve().parent
HEAD_FLOOR = -12.0
RIDGE, FOLDS = 1.0, 5
# What costs as much as it looks and brings nothing, where a library lists how people ask.
LEFT_OUT = frozenset({"sentences"})
USED = tuple(name for name in CONFIDENCE_SIGNALS if name not in LEFT_OUT)
# What is left of the signals in a library that does not list how people ask.
WITHOUT_QUESTIONS = [RANKING_SIGNALS.index(name) for name in ("text", "sentences", "lexical", "name")]
CONFIDENCE_WITHOUT_QUESTIONS = ("share", "margin", "text", "sentences", "name", "best text", "terms")


class Case:
    """A question with its signals, whole and with its concepts left out."""

    def __init__(self, question: EvaluationQuestion, searcher: Searcher) -> None:
        self.question = question
        whole = searcher.signals(question.text)
        assert whole is not None
        self.whole: Signals = whole
        self.without: Signals | None = None
        self.left_out = frozenset(question.concepts)
        if question.in_scope:
            self.without = searcher.signals(question.text, without=self.left_out)
        self.acceptable = np.array([searcher.slugs.index(slug) for slug in question.concepts], dtype=int)


def fit_ranking(cases: Sequence[Case], columns: Sequence[int]) -> np.ndarray[Any, Any]:
    """Return weights for all ranking signals, zero outside the columns given."""
    matrices = [case.whole.ranking[:, columns].astype(float) for case in cases]
    scale = np.concatenate(matrices).std(axis=0) + 1e-9

    def loss(weights: np.ndarray[Any, Any]) -> tuple[float, np.ndarray[Any, Any]]:
        value, gradient = RIDGE * float(weights @ weights) / 2, RIDGE * weights
        for matrix, case in zip(matrices, cases, strict=True):
            signals = matrix / scale
            scores = signals @ weights
            chances = np.exp(scores - scores.max())
            right = chances[case.acceptable]
            value -= float(np.log(right.sum() / chances.sum() + 1e-12))
            gradient = gradient - (signals[case.acceptable] * (right / right.sum())[:, None]).sum(0)
            gradient = gradient + (signals * (chances / chances.sum())[:, None]).sum(0)
        return value, gradient

    found = minimize(loss, np.full(len(columns), 0.3), jac=True, method="L-BFGS-B").x / scale
    weights = np.zeros(len(RANKING_SIGNALS))
    weights[list(columns)] = found
    return weights


def hit_at_1(cases: Sequence[Case], weights: np.ndarray[Any, Any]) -> float:
    return float(np.mean([int(np.argmax(case.whole.ranking @ weights)) in case.acceptable for case in cases]))


def confidence_rows(
    searcher: Searcher, cases: Sequence[Case], weights: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return signals (m, k), whether the best concept was right (m,), and what sort of case each row is (m,)."""
    rows, right, sorts = [], [], []
    for case in cases:
        for signals, left_out in ((case.whole, frozenset[str]()), (case.without, case.left_out)):
            if signals is None:
                continue
            scores = (signals.ranking @ weights).astype(np.float32)
            for slug in left_out:
                scores[searcher.slugs.index(slug)] = -np.inf
            evidence = searcher.evidence(signals, scores)
            rows.append([evidence[name] for name in CONFIDENCE_SIGNALS])
            right.append(not left_out and int(np.argmax(scores)) in case.acceptable)
            sorts.append("left out" if left_out else "in" if case.question.in_scope else "outside")
    return np.array(rows), np.array(right), np.array(sorts)


def fit_confidence(
    rows: np.ndarray[Any, Any],
    right: np.ndarray[Any, Any],
    sorts: np.ndarray[Any, Any],
    names: Sequence[str] = CONFIDENCE_SIGNALS,
) -> tuple[np.ndarray[Any, Any], float]:
    """Return the weights and intercept of the logistic model; questions with concepts left out count half."""
    used = np.array([name in names for name in CONFIDENCE_SIGNALS])
    centre, scale = rows.mean(axis=0), np.where(used, rows.std(axis=0) + 1e-9, 1e9)
    weight = np.where(sorts == "left out", 0.5, 1.0)
    model = LogisticRegression(C=0.3, max_iter=5000).fit((rows - centre) / scale, right, sample_weight=weight)
    weights = model.coef_[0] / scale
    return weights, float(model.intercept_[0] - weights @ centre)


def main() -> None:
    """Fit, report cross-validated figures, and write the numbers."""
    settings = load_settings(None)
    build(settings, lambda _: None)
    generation = GenerationStore(settings.state.path).open_best()
    assert generation is not None
    searcher = Searcher(generation, load_encoder(generation, find_model(settings.model.name)), every_signal=True)
    questions = [item for item in read_evaluation(HERE) if item.split == "tune" and not item.turns]
    cases = [Case(question, searcher) for question in questions]
    inside = [case for case in cases if case.question.in_scope]
    left_out = [place for place, name in enumerate(RANKING_SIGNALS) if name in LEFT_OUT]
    everything = [place for place, name in enumerate(RANKING_SIGNALS) if name not in LEFT_OUT]

    hits, confidences = [], []
    folds = KFold(FOLDS, shuffle=True, random_state=1)
    for train, held_out in folds.split(np.arange(len(cases))):
        part = [cases[number] for number in train]
        weights = fit_ranking([case for case in part if case.question.in_scope], everything)
        rest = [cases[number] for number in held_out]
        hits.append(hit_at_1([case for case in rest if case.question.in_scope], weights))
        coefficients, intercept = fit_confidence(*confidence_rows(searcher, part, weights), USED)
        rows, right, sorts = confidence_rows(searcher, rest, weights)
        confidences.append((1 / (1 + np.exp(-(rows @ coefficients + intercept))), right, sorts))
    certain, right, sorts = (np.concatenate([item[place] for item in confidences]) for place in range(3))
    sys.stdout.write(
        f"cross-validated on {len(inside)} in-scope questions: hit@1 {np.mean(hits):.3f}, "
        f"AUROC outside {auroc(certain[sorts == 'in'], certain[sorts == 'outside']):.3f}, "
        f"AUROC left out {auroc(certain[sorts == 'in'], certain[sorts == 'left out']):.3f}, "
        f"coverage at 2% wrong {coverage_at_risk(certain[sorts == 'in'], right[sorts == 'in'], 0.02)[0]:.3f}\n"
    )
    for name, columns in {
        "all": everything,
        **{f"and {RANKING_SIGNALS[place]}": sorted([*everything, place]) for place in left_out},
        **{f"without {RANKING_SIGNALS[place]}": [n for n in everything if n != place] for place in everything},
    }.items():
        found = []
        for train, held_out in KFold(FOLDS, shuffle=True, random_state=1).split(np.arange(len(inside))):
            weights = fit_ranking([inside[number] for number in train], columns)
            found.append(hit_at_1([inside[number] for number in held_out], weights))
        sys.stdout.write(f"hit@1 {name}: {np.mean(found):.3f}\n")

    made = f"{datetime.now(UTC):%Y-%m-%d}, {len(inside)} in-scope and {len(cases) - len(inside)} other questions"
    written = {
        "made by": "python -m tests.eval.fit",
        "on": f"{made} of the tune half, model {generation.manifest.model}",
        "with_questions": fitted(searcher, cases, everything, USED),
        "without_questions": fitted(searcher, cases, WITHOUT_QUESTIONS, CONFIDENCE_WITHOUT_QUESTIONS),
        "head_floor": HEAD_FLOOR,
    }
    FILE.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")


def fitted(searcher: Searcher, cases: Sequence[Case], columns: Sequence[int], names: Sequence[str]) -> dict[str, Any]:
    """Return ranking weights and the confidence model, as they are written."""
    weights = fit_ranking([case for case in cases if case.question.in_scope], columns)
    coefficients, intercept = fit_confidence(*confidence_rows(searcher, cases, weights), names)
    pairs = zip(CONFIDENCE_SIGNALS, coefficients, strict=True)
    return {
        "ranking": [round(float(value), 4) for value in weights],
        "confidence": {name: round(float(value), 4) for name, value in pairs if name in names},
        "intercept": round(intercept, 4),
    }


if __name__ == "__main__":
    main()
