"""How the search for passages grows with the library: `python -m tests.bench.growth`.

Up to the shipped library's size its own vectors are used, beyond that synthetic ones like them. Each size is
built in a process of its own, then opened and searched in five more; the exact search that it is compared with
runs in the same process, question by question in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from index.dense_index import DenseIndex
from tests.bench.figures import machine, median_and_spread, memory_mib, shown, write_results
from tests.bench.synthetic_vectors import SyntheticVectors, Vectors

REPOSITORY = Path(__file__).resolve().parents[2]
SIZES = (1_000, 10_000, 100_000, 1_000_000)
NOISES = (0.3, 0.5, 0.7)
NEAREST, QUERIES, RUNS, CHUNK = 20, 200, 5, 10_000
# Beyond this size only the middle noise, as each takes minutes; and few exact searches, as each takes long.
ALL_NOISES_UP_TO = 200_000
EXACT_QUERIES = 20
PASSAGES, QUESTIONS, TRUTH, INDEX = "passages.f4", "questions.npy", "truth.npy", "vectors.faiss"
TARGETS = {"recall@20": 0.98, "search p50 ms": 1.0, "load s": 5.0, "memory MiB": 2048.0}


def main() -> None:
    """Run the benchmark, or one of its child processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of passages, with commas")
    parser.add_argument("--state", type=Path, default=REPOSITORY / "var", help="a state folder with an index")
    parser.add_argument("--child", nargs=2, metavar=("WHAT", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        what, folder = options.child
        print(json.dumps({"build": build, "serve": serve}[what](Path(folder))))  # noqa: T201
        return
    import faiss

    faiss.omp_set_num_threads(1)
    sizes = [int(size) for size in options.sizes.split(",")]
    real, questions = library_vectors(options.state), eval_questions()
    rows = []
    for size in sizes:
        noises = [None] if size <= len(real) else NOISES if size <= ALL_NOISES_UP_TO else [NOISES[1]]
        for noise in noises:
            rows.append(measure(size, noise, real, questions))
            print(table(rows[-1:]).splitlines()[-1], flush=True)  # noqa: T201
            path = write_results("growth", {"machine": machine(), "targets": TARGETS, "rows": rows})
    print(f"{table(rows)}\n\nwritten to {path}")  # noqa: T201


def library_vectors(state: Path) -> Vectors:
    """Return the vectors of the library that a state folder serves."""
    import faiss

    from index.generation_store import GenerationStore
    from index.vector_store import VECTORS

    store = GenerationStore(state)
    name = store.current_name()
    if name is None:
        raise SystemExit(f"{state}: holds no index; build one first with: python -m bot index")
    index = faiss.read_index(str(store.folder / name / VECTORS))
    return np.asarray(index.reconstruct_n(0, index.ntotal), dtype=np.float32)


def eval_questions() -> Vectors:
    """Return the vectors of the evaluation's questions, which stand in no library."""
    from index.embedding import SentenceTransformerEncoder, find_model

    lines = (REPOSITORY / "tests" / "eval" / "in_scope.jsonl").read_text(encoding="utf-8").splitlines()
    encoder = SentenceTransformerEncoder(find_model())
    return np.stack([encoder.encode_query(json.loads(line)["question"]) for line in lines[:QUERIES]])


def measure(size: int, noise: float | None, real: Vectors, questions: Vectors) -> dict[str, Any]:
    """Return the figures of one size."""
    with tempfile.TemporaryDirectory(prefix="growth-") as name:
        folder = Path(name)
        with (folder / PASSAGES).open("wb") as stream:
            if noise is None:
                stream.write(real[np.random.default_rng(0).permutation(len(real))[:size]].tobytes())
            else:
                draw = SyntheticVectors(real, noise, seed=1).draw
                for start in range(0, size, CHUNK):
                    stream.write(draw(min(CHUNK, size - start)).tobytes())
        np.save(folder / QUESTIONS, questions)
        np.save(folder / TRUTH, truly_nearest(folder, questions))
        built = child("build", folder)
        runs = [child("serve", folder) for _ in range(RUNS)]
        figures = {key: median_and_spread([run[key] for run in runs]) for key in runs[0]}
        return {"passages": size, "noise": noise, **built, **figures, "load average": os.getloadavg()[0]}


def chunks(folder: Path, dimension: int) -> Iterator[Vectors]:
    """Read the passages' vectors as a build gets them: so many at a time."""
    size = CHUNK * dimension
    for start in range(0, (folder / PASSAGES).stat().st_size, 4 * size):
        yield np.fromfile(folder / PASSAGES, np.float32, size, offset=start).reshape(-1, dimension)


def truly_nearest(folder: Path, questions: Vectors) -> np.ndarray[Any, Any]:
    """Return the rows of the nearest passages of each question, in full precision."""
    import faiss

    faiss.omp_set_num_threads(1)
    heap = faiss.ResultHeap(len(questions), NEAREST, keep_max=True)
    for number, some in enumerate(chunks(folder, questions.shape[1])):
        scores, rows = faiss.knn(questions, some, NEAREST, faiss.METRIC_INNER_PRODUCT)
        heap.add_result(scores, rows + number * CHUNK)
    heap.finalize()
    return np.asarray(heap.I)


def child(what: str, folder: Path) -> dict[str, Any]:
    """Run one measurement in a fresh process."""
    command = [sys.executable, "-m", "tests.bench.growth", "--child", what, str(folder)]
    done = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def build(folder: Path) -> dict[str, Any]:
    """Build an index from chunks as they come; say what that took."""
    import faiss

    faiss.omp_set_num_threads(1)
    dimension = np.load(folder / QUESTIONS).shape[1]
    count = (folder / PASSAGES).stat().st_size // (4 * dimension)
    before, started, processor = memory_mib(), time.perf_counter(), time.process_time()
    index = DenseIndex.build(chunks(folder, dimension), count, dimension)
    seconds, busy = time.perf_counter() - started, time.process_time() - processor
    held = memory_mib()["peak"] - before["now"]
    index.save(folder / INDEX)
    return {
        "form": index.summary.form,
        "lists": index.summary.lists,
        "probes": index.summary.probes,
        "refined": index.summary.refined,
        "recall measured while building": index.summary.recall,
        "build s": round(seconds, 1),
        "build processor s": round(busy, 1),
        "build memory MiB": round(held, 1),
        "file MiB": round(sum(file.stat().st_size for file in folder.glob("vectors.*")) / 2**20, 1),
    }


def serve(folder: Path) -> dict[str, Any]:
    """Open an index and search it, each question once by itself; then the same exactly."""
    import faiss

    faiss.omp_set_num_threads(1)
    questions, truth = np.load(folder / QUESTIONS), np.load(folder / TRUTH)
    before, started = memory_mib(), time.perf_counter()
    index = DenseIndex.load(folder / INDEX)
    index.search(questions[:1], NEAREST)
    load = time.perf_counter() - started
    search, rows = timed(lambda query: index.search(query, NEAREST)[1][0], questions)
    memory = memory_mib()
    similarities, _ = timed(index.similarities, questions[: QUERIES // 4])
    exact = faiss.IndexFlatIP(index.dimension)
    for some in chunks(folder, index.dimension):
        exact.add(some)
    several = questions[:EXACT_QUERIES]
    every, _ = timed(lambda query: exact.search(query, NEAREST), several)
    again, _ = timed(lambda query: index.search(query, NEAREST), several)
    return {
        "recall@20": recall(rows, truth),
        "load s": load,
        "memory MiB": memory["now"] - before["now"],
        "own memory MiB": memory["own"] - before["own"],
        "search p50 ms": 1e3 * statistics.median(wall for wall, _ in search),
        "search p99 ms": 1e3 * float(np.quantile([wall for wall, _ in search], 0.99)),
        "search processor p50 ms": 1e3 * statistics.median(busy for _, busy in search),
        "similarities processor p50 ms": 1e3 * statistics.median(busy for _, busy in similarities),
        "exact processor p50 ms": 1e3 * statistics.median(busy for _, busy in every),
        "share of exact": statistics.median(busy for _, busy in again) / statistics.median(busy for _, busy in every),
    }


def timed(work: Callable[[Vectors], Any], questions: Vectors) -> tuple[list[tuple[float, float]], list[Any]]:
    """Return the seconds that each question took, on the clock and on the processor, and what came of it."""
    seconds, results = [], []
    for question in questions:
        started, processor = time.perf_counter(), time.thread_time()
        results.append(work(question[None, :]))
        seconds.append((time.perf_counter() - started, time.thread_time() - processor))
    return seconds, results


def recall(rows: list[Any], truth: np.ndarray[Any, Any]) -> float:
    """Return the share of the truly nearest that was found."""
    shares = [len(set(found.tolist()) & set(true.tolist())) / NEAREST for found, true in zip(rows, truth, strict=True)]
    return statistics.mean(shares)


def table(rows: list[dict[str, Any]]) -> str:
    """Return the figures as they stand in the documentation."""
    lines = [
        (
            "| passages | noise | form | recall@20 | search p50 ms | p99 ms | processor p50 ms | of exact | load s "
            "| memory MiB (own) | file MiB | build s (processor) | build memory MiB |"
        ),
        "|" + "---|" * 13,
    ]
    for row in rows:
        form = row["form"] + (f" {row['probes']}/{row['lists']} x{row['refined']}" if row["lists"] else "")
        cells = [
            f"{row['passages']:,}",
            "real" if row["noise"] is None else row["noise"],
            form,
            *(shown(row[key]) for key in ("recall@20", "search p50 ms", "search p99 ms", "search processor p50 ms")),
            shown(row["share of exact"]),
            shown(row["load s"]),
            f"{row['memory MiB']['median']:g} ({row['own memory MiB']['median']:g})",
            row["file MiB"],
            f"{row['build s']} ({row['build processor s']})",
            row["build memory MiB"],
        ]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
