"""What a library's size costs a process beside its vectors: memory, and processor time of a question.

A library of any size is made of the shipped pages in many variants, with made-up vectors (their search is measured
by `tests.bench.growth`). Built and opened in processes of their own.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np

from index.model_export import ExportError
from tests.bench.build import DIMENSION, MadeUpVectors, build, write_variants
from tests.bench.figures import memory_mib
from tests.bench.growth import REPOSITORY

SIZES = (2_500, 10_000, 40_000)
_QUESTIONS = 60


def library_costs(sizes: tuple[int, ...] = SIZES) -> list[dict[str, Any]]:
    """Return for each size what one process holds and what a search takes, all but comparing vectors."""
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="outgrow-") as name:
            write_variants(Path(name) / "knowledge", size)
            for what in ("build", "serve"):
                command = [sys.executable, "-m", "tests.bench.outgrow.library_costs", what, name]
                done = subprocess.run(command, cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, text=True)
            rows.append(json.loads(done.stdout.splitlines()[-1]))
            print(rows[-1], flush=True)  # noqa: T201
    return rows


def per_passage(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Return what each further passage costs: the slopes of straight lines through the sizes."""
    counts = [row["passages"] for row in rows]

    def slope(key: str) -> float:
        return float(np.polyfit(counts, [row[key] for row in rows], 1)[0])

    return {
        "memory KiB": round(1024 * slope("memory MiB"), 2),
        "processor microseconds a question": round(1000 * slope("processor ms a question"), 4),
        "of it to compare vectors": round(1000 * slope("of it comparing vectors ms"), 4),
        "memory KiB with sentences": round(1024 * slope("memory MiB with sentences"), 2),
        "processor microseconds a question with sentences": round(
            1000 * slope("processor ms a question with sentences"), 4
        ),
        "seconds to open": round(slope("open s"), 7),
    }


class _Asked(MadeUpVectors):
    """Questions get made-up vectors too; there is no model to export."""

    def __init__(self) -> None:
        # Out of anything: how their search goes is not measured here.
        super().__init__(np.eye(DIMENSION, dtype=np.float32))

    @property
    def model(self) -> object:
        raise ExportError("it has no model")

    def encode_query(self, query: str) -> Any:
        vector = np.random.default_rng(len(query)).standard_normal(DIMENSION, dtype=np.float32)
        return vector / np.linalg.norm(vector)


def _serve(root: Path) -> dict[str, Any]:
    from index.batching import Batcher
    from index.generation_store import GenerationStore
    from index.search import _LARGEST_BATCH, Searcher, _comparing

    lines = (REPOSITORY / "tests" / "eval" / "in_scope.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines[:_QUESTIONS]]
    before, started = memory_mib()["own"], time.perf_counter()
    generation = GenerationStore(root / "state").open_best()
    assert generation is not None
    searcher = cast("Any", Searcher(generation, cast("Any", _Asked())))

    def read_sentences(*, wanted: bool) -> None:
        # What the library's content decides, and nobody else sets.
        searcher._reads_sentences = wanted  # noqa: SLF001
        searcher._compare = Batcher(_comparing(generation, reads_sentences=wanted), largest=_LARGEST_BATCH)  # noqa: SLF001

    # As in the shipped library, which lists how people ask: without such a list, sentences are compared too.
    read_sentences(wanted=False)
    searcher.search(questions[0])
    opened, held = time.perf_counter() - started, memory_mib()["own"] - before
    taken = _timed(searcher.search, questions)
    compared = _timed(lambda text: generation.similarities(_Asked().encode_query(text)[None, :]), questions)
    read_sentences(wanted=True)
    searcher.search(questions[0])
    with_sentences = memory_mib()["own"] - before
    return {
        "passages": len(generation.passages),
        "concepts": len(generation.concepts),
        "memory MiB": round(held, 1),
        "open s": round(opened, 2),
        "processor ms a question": taken,
        "of it comparing vectors ms": compared,
        "memory MiB with sentences": round(with_sentences, 1),
        "processor ms a question with sentences": _timed(searcher.search, questions),
    }


def _timed(work: Callable[[str], object], questions: list[str]) -> float:
    """Return the median processor time in milliseconds."""
    taken = []
    for question in questions:
        began = time.thread_time()
        work(question)
        taken.append(1000 * (time.thread_time() - began))
    return round(statistics.median(taken), 3)


if __name__ == "__main__":
    what, folder = sys.argv[1], Path(sys.argv[2])
    if what == "build":
        build(folder / "knowledge", folder / "state", _Asked())
    else:
        print(json.dumps(_serve(folder)))  # noqa: T201
