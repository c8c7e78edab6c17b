"""Asking every question of the set, and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from bot.answer import Answer, Question
from bot.evaluation.measures import (
    Measure,
    auroc,
    bootstrap,
    calibration_error,
    coverage_at_risk,
    mean,
)
from bot.evaluation.questions import EvaluationQuestion
from bot.explainer import Explainer
from index.levels import Level

RISK = 0.02
_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one question went: the ranking, the confidence, and the confidence with its concepts left out."""

    question: EvaluationQuestion
    ranking: tuple[str, ...]
    confidence: float
    confidence_without: float | None

    @property
    def correct(self) -> bool:
        """Whether the first concept is an acceptable one."""
        return bool(self.ranking) and self.ranking[0] in self.question.concepts


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of a run."""

    questions: int
    figures: dict[str, Measure]
    by_kind: dict[str, dict[str, Measure]]
    threshold_at_risk: float
    outcomes: tuple[Outcome, ...] = field(repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "questions": self.questions,
            "threshold_at_risk": self.threshold_at_risk,
            "figures": {name: asdict(measure) for name, measure in self.figures.items()},
            "by_kind": {kind: {name: asdict(item) for name, item in row.items()} for kind, row in self.by_kind.items()},
            "wrong": [
                {
                    "id": item.question.id,
                    "kind": item.question.kind,
                    "question": item.question.text,
                    "acceptable": item.question.concepts,
                    "found": item.ranking[:3],
                    "confidence": round(item.confidence, 4),
                }
                for item in self.outcomes
                if item.question.in_scope and not item.correct
            ],
        }


def ask_all(
    explainer: Explainer,
    questions: Sequence[EvaluationQuestion],
    on_asked: Callable[[int, int], None] = lambda _done, _total: None,
) -> list[Outcome]:
    """Ask every question, and each in-scope one again as if the library lacked its concepts."""
    outcomes: list[Outcome] = []
    for number, question in enumerate(questions, start=1):
        asked = Question(question.text, Level.INTERMEDIATE, question.turns)
        answer = explainer.explain(asked)
        without = None
        if question.in_scope and not question.turns:
            without = explainer.explain(asked, without=frozenset(question.concepts)).confidence
        outcomes.append(Outcome(question, _ranking(answer), answer.confidence, without))
        on_asked(number, len(questions))
    return outcomes


def report(outcomes: Sequence[Outcome]) -> Report:
    """Return the figures of a run, each with its bootstrap interval."""
    single = [item for item in outcomes if item.question.in_scope and not item.question.turns]
    conversations = [item for item in outcomes if item.question.turns]
    outside = [item for item in outcomes if not item.question.in_scope]
    figures = ranking_figures(single)
    confidence = np.array([item.confidence for item in single])
    correct = np.array([item.correct for item in single])
    others = np.array([item.confidence for item in outside])
    without = np.array([item.confidence_without or 0.0 for item in single])
    threshold = coverage_at_risk(confidence, correct, RISK)[1]
    figures["coverage at 2% wrong"] = bootstrap(
        lambda rows: coverage_at_risk(confidence[rows], correct[rows], RISK)[0], len(single)
    )
    figures["AUROC out of scope"] = _two_sample(confidence, others)
    figures["AUROC concept left out"] = _two_sample(confidence, without)
    everything = np.concatenate([confidence, others])
    right = np.concatenate([correct, np.zeros(len(outside), dtype=bool)])
    figures["calibration error"] = bootstrap(lambda rows: calibration_error(everything[rows], right[rows]), len(right))
    figures["follow-up hit@1"] = mean([float(item.correct) for item in conversations])
    kinds = sorted({item.question.kind for item in single})
    by_kind = {kind: ranking_figures([item for item in single if item.question.kind == kind]) for kind in kinds}
    return Report(len(outcomes), figures, by_kind, threshold, tuple(outcomes))


def ranking_figures(outcomes: Sequence[Outcome]) -> dict[str, Measure]:
    """Return hit@1, hit@3, MRR and nDCG@10 of rankings, computed with ir-measures."""
    import ir_measures
    from ir_measures import RR, Success, nDCG

    names = {Success @ 1: "hit@1", Success @ 3: "hit@3", RR: "MRR", nDCG @ _DEPTH: "nDCG@10"}
    if not outcomes:
        return {name: mean([]) for name in names.values()}
    judged = [ir_measures.Qrel(item.question.id, slug, 1) for item in outcomes for slug in item.question.concepts]
    ranked = [
        ir_measures.ScoredDoc(item.question.id, slug, float(-place))
        for item in outcomes
        for place, slug in enumerate(item.ranking)
    ]
    values: dict[str, list[float]] = {name: [] for name in names.values()}
    for metric in ir_measures.iter_calc(list(names), judged, ranked):
        values[names[metric.measure]].append(metric.value)
    return {name: mean(found) for name, found in values.items()}


def _ranking(answer: Answer) -> tuple[str, ...]:
    return tuple(item.slug for item in answer.ranked)


def _two_sample(positive: np.ndarray[Any, Any], negative: np.ndarray[Any, Any]) -> Measure:
    """Return an AUROC with its interval; positives and negatives are resampled together."""
    size = len(positive) + len(negative)

    def statistic(rows: np.ndarray[Any, Any]) -> float:
        return auroc(positive[rows[rows < len(positive)]], negative[rows[rows >= len(positive)] - len(positive)])

    return bootstrap(statistic, size)
