"""What an answer over the shipped library takes of the processor, and what a process that gives them holds."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `python -m bot` sets it for itself

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.figures import memory_mib
from tests.bench.growth import REPOSITORY

QUESTIONS = 300


def answer_costs(state: Path) -> dict[str, Any]:
    """Return the figures of a state folder's library, measured in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.outgrow.answer_costs", str(state.absolute())]
    done = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _measure(state: Path) -> dict[str, Any]:
    import bot.run  # noqa: F401  # everything that a bot's process has loaded
    from bot.answer import Question
    from bot.config import load_settings
    from bot.local_answers import open_explainer
    from index.levels import Level

    lines = (REPOSITORY / "tests" / "eval" / "in_scope.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [Question(json.loads(line)["question"], Level.INTERMEDIATE) for line in lines[:QUESTIONS]]
    settings = load_settings(None, knowledge=REPOSITORY / "knowledge", state=state)
    explainer = open_explainer(settings, lambda _: None)
    for question in questions[:20]:
        explainer.explain(question)
    taken = []
    for question in questions:
        began = time.process_time()
        explainer.explain(question)
        taken.append(1000 * (time.process_time() - began))
    mean = float(np.mean(taken))
    return {
        "passages": len(explainer.generation.passages),
        "processor ms": round(mean, 2),
        "processor ms p50": round(float(np.median(taken)), 2),
        "spread": [round(float(share), 3) for share in np.quantile(np.array(taken) / mean, np.linspace(0, 1, 101))],
        "memory MiB": memory_mib()["now"],
    }


if __name__ == "__main__":
    print(json.dumps(_measure(Path(sys.argv[1]))))  # noqa: T201
