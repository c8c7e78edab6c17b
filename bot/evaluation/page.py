"""The plots of an evaluation, as one page that needs nothing else."""

from __future__ import annotations

import base64
import html
import io
from pathlib import Path
from typing import Any

import numpy as np

from bot.evaluation.report import Report


def write_page(found: Report, file: Path, *, title: str) -> None:
    """Write the figures and plots of a report as an HTML page."""
    rows = "".join(
        f"<tr><td>{html.escape(name)}</td><td>{measure}</td><td>{measure.questions}</td></tr>"
        for name, measure in found.figures.items()
    )
    pictures = "".join(
        f'<img src="data:image/png;base64,{_encode(plot(found))}">' for plot in (_risk, _reliability, _kinds)
    )
    file.write_text(
        f"<!doctype html><meta charset=utf-8><title>{html.escape(title)}</title>"
        "<style>body{font:16px sans-serif;max-width:60em;margin:2em auto}td{padding:.2em 1em}img{width:100%}</style>"
        f"<h1>{html.escape(title)}</h1><table>{rows}</table>{pictures}",
        encoding="utf-8",
    )


def risk_coverage_picture(found: Report, file: Path) -> None:
    """Write the risk-coverage curve as a PNG."""
    _risk(found).savefig(file, dpi=110)


def _risk(found: Report) -> Any:
    """Draw which share of the answers is wrong when only the surest questions are answered."""
    single = [item for item in found.outcomes if item.question.in_scope and not item.question.turns]
    confidence = np.array([item.confidence for item in single])
    correct = np.array([item.correct for item in single])
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(~correct[order]) / np.arange(1, len(order) + 1)
    figure, axes = _figure("Risk and coverage", "share of questions answered", "share of answers that are wrong")
    axes.plot(np.arange(1, len(order) + 1) / len(order), wrong)
    for threshold in (0.3, 0.5, 0.7, 0.9):
        answered = int((confidence >= threshold).sum())
        if answered:
            axes.annotate(f"threshold {threshold}", (answered / len(order), wrong[answered - 1]))
    return figure


def _reliability(found: Report) -> Any:
    """Draw how often the best concept is right, by the confidence in it."""
    items = [item for item in found.outcomes if not item.question.turns]
    confidence = np.array([item.confidence for item in items])
    correct = np.array([item.question.in_scope and item.correct for item in items])
    places = np.minimum((confidence * 10).astype(int), 9)
    figure, axes = _figure("Calibration, in and out of scope", "confidence", "share that is right")
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
    filled = [place for place in range(10) if (places == place).any()]
    axes.plot(
        [confidence[places == place].mean() for place in filled],
        [correct[places == place].mean() for place in filled],
        marker="o",
    )
    return figure


def _kinds(found: Report) -> Any:
    figure, axes = _figure("hit@1 by kind of question", "", "hit@1")
    values = [row["hit@1"] for row in found.by_kind.values()]
    axes.bar(list(found.by_kind), [value.value for value in values])
    axes.tick_params(axis="x", rotation=30)
    return figure


def _figure(title: str, x: str, y: str) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4), layout="constrained")
    axes = figure.subplots()
    axes.set_title(title)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.grid(visible=True, alpha=0.3)
    return figure, axes


def _encode(figure: Any) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    return base64.b64encode(buffer.getvalue()).decode()
