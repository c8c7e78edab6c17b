"""`python -m tests.eval.record`: write down how well questions find their page now.

Writes `tests/eval/recorded.json`, below which CI does not let the figures fall, and `docs/risk-coverage.png`; prints
the table of thresholds for `docs/evaluation.md`. Only after a change that is meant: the figures are of the test half.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bot.config import load_settings
from bot.evaluation.page import risk_coverage_picture
from bot.evaluation.questions import read_evaluation
from bot.evaluation.report import Report, ask_all, report
from bot.local_answers import open_explainer
from tests.conftest import REPOSITORY

HERE = Path(__file__).resolve().parent
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)


def thresholds(found: Report) -> list[str]:
    """Return a Markdown table: what is answered, and how much of it wrongly, at each threshold."""
    single = [item for item in found.outcomes if not item.question.turns]
    inside = [item for item in single if item.question.in_scope]
    outside = [item for item in single if not item.question.in_scope]
    counted = f"in-scope questions answered (of {len(inside)}) | of these wrong"
    rows = [f"| Threshold | {counted} | out-of-scope questions answered (of {len(outside)}) |", "|---|---|---|---|"]
    for threshold in THRESHOLDS:
        answered = [item for item in inside if item.confidence >= threshold]
        wrong = sum(not item.correct for item in answered)
        beyond = sum(item.confidence >= threshold for item in outside)
        rows.append(f"| {threshold} | {len(answered)} | {wrong} | {beyond} |")
    return rows


def main() -> int:
    explainer = open_explainer(load_settings(None), lambda _progress: None)
    found = report(ask_all(explainer, [item for item in read_evaluation(HERE) if item.split == "test"]))
    figures = {name: round(measure.value, 4) for name, measure in found.figures.items()}
    (HERE / "recorded.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    risk_coverage_picture(found, REPOSITORY / "docs" / "risk-coverage.png")
    sys.stdout.write("\n".join([*(f"{name}: {value}" for name, value in figures.items()), *thresholds(found)]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
