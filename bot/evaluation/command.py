"""`python -m bot evaluate`: figures on standard output, a JSON file and a page with plots beside."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.config import Settings
from bot.evaluation.page import write_page
from bot.evaluation.questions import read_evaluation
from bot.evaluation.report import Report, ask_all, report
from bot.extras import require_extra
from bot.local_answers import open_explainer
from bot.progress_bar import progress_bar


def evaluate(settings: Settings, questions: Path, *, split: str, out: Path) -> Report:
    """Ask the questions of one half (or `all`), print the figures, and write `evaluation.json` and `.html`.

    Raises:
        EvaluationError: the folder holds no questions, or a line cannot be read.
        MissingExtraError: ir-measures or matplotlib are not installed.
    """
    require_extra("evaluate", "ir_measures", "matplotlib")
    chosen = [item for item in read_evaluation(questions) if split in {"all", item.split}]
    with progress_bar() as on_progress:
        explainer = open_explainer(settings, on_progress)
    found = report(ask_all(explainer, chosen))
    out.mkdir(parents=True, exist_ok=True)
    data = {"split": split, "generation": explainer.generation.id, **found.as_json()}
    (out / "evaluation.json").write_text(json.dumps(data, indent=2, ensure_ascii=False), encoding="utf-8")
    write_page(found, out / "evaluation.html", title=f"Evaluation, {split} half, {explainer.generation.id}")
    _print(found, split)
    sys.stdout.write(f"written: {out / 'evaluation.json'}, {out / 'evaluation.html'}\n")
    return found


def _print(found: Report, split: str) -> None:
    console = Console()
    table = Table(title=f"{found.questions} questions, {split} half; 95% bootstrap intervals")
    table.add_column("figure")
    table.add_column("value [interval]")
    table.add_column("questions", justify="right")
    for name, measure in found.figures.items():
        table.add_row(name, str(measure), str(measure.questions))
    console.print(table)
    kinds = Table(title="by kind")
    kinds.add_column("kind")
    names = list(next(iter(found.by_kind.values()), {}))
    for name in names:
        kinds.add_column(name)
    for kind, row in found.by_kind.items():
        kinds.add_row(kind, *(str(row[name]) for name in names))
    console.print(kinds)
