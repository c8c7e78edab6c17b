"""How fast the library is embedded, and what one changed page costs: `python -m tests.bench.build`.

Embedding: the pages of the shipped library, by `encode_passages` (which gives sentence vectors too) and by
sentence-transformers' own `encode` in full precision, in turn, with the same number of threads.

One changed page: a library of as many passages as asked for, made of the shipped pages in many variants, is built
once, one page is changed, and it is built again. Both with an encoder that makes vectors up out of the shipped
library's (as `tests.bench.growth` does), as embedding 100,000 passages takes an hour; so the full build's time is an
ESTIMATE: what all passages would take at the speed measured first, and what the rest of the build took, without the
making up. Loading the model counts in both. Where the time goes is taken from one more build, under a profiler.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from index.build import build_generation
from index.embedding import Embedded, ModelFiles, SentenceTransformerEncoder, Vectors, find_model
from index.library import read_library
from index.model_export import ExportError
from index.passages import PassageKind, cut_library
from index.sentences import Span
from tests.bench.figures import machine, median_and_spread, memory_mib, shown, write_results
from tests.bench.growth import library_vectors

REPOSITORY = Path(__file__).resolve().parents[2]
# The precision is chosen on more texts than are timed again and again.
RUNS, LOADS, CHOSEN_ON, TEXTS, WINDOW = 5, 3, 200, 96, 256
DIMENSION = 384
# As far from each other as real passages are (see `synthetic_vectors.py`).
_NOISE = 0.5
# What a build spends its time on, by the functions that do it.
STAGES = {
    ("previous", "read_previous"): "reading and checking the generation that serves",
    ("library", "read_library"): "reading the pages",
    ("page_reader", "read_page"): "parsing pages",
    ("recut", "recut"): "cutting passages, or taking them over",
    ("draft_vectors", "write_vectors"): "vectors",
    ("dense_training", "refill"): "putting vectors into lists again",
    ("dense_training", "train_inverted"): "making lists of vectors",
    ("embedding_cache", "__init__"): "opening the embedding cache",
    ("embedding_cache", "__len__"): "counting the embedding cache",
    ("serving_form", "choose_form"): "choosing the form to serve",
    ("draft_files", "write_files"): "words, terms and passages",
    ("draft_files", "_words"): "words",
    ("word_rows", "mapped"): "terms",
    ("draft_files", "_headings"): "terms of titles",
    ("lexical", "of"): "BM25",
    ("vocabulary", "of"): "vocabulary",
    ("concept_head", "learn_head"): "learning the head",
    ("word_head", "learn_words"): "learning the word head",
    ("draft_files", "describe"): "checksums of the files",
    ("build", "_differing"): "what differs",
    ("changes", "compare"): "comparing",
    ("generation_store", "publish"): "writing to the disk for good",
    ("generation_store", "prune"): "deleting old generations",
    ("build", "build_generation"): "all of it",
}


def main() -> None:
    """Run both benchmarks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1, help="threads to embed with, of both")
    parser.add_argument("--passages", type=int, default=100_000, help="passages of the library with one changed page")
    parser.add_argument("--runs", type=int, default=RUNS, help="how many times a page is changed")
    options = parser.parse_args()
    results: dict[str, Any] = {"machine": machine()}
    results["one changed page"] = one_changed_page(options.passages, options.runs)
    results["embedding"] = embedding(options.threads)
    loads = [loading() for _ in range(LOADS)]
    results["loading the model s"] = median_and_spread([wall for wall, _ in loads])
    results["loading the model, processor s"] = median_and_spread([busy for _, busy in loads])
    results["share of a full build"] = shares(results)
    print("one changed page, as a share of a full build: " + json.dumps(results["share of a full build"]))  # noqa: T201
    path = write_results("build", results)
    print(f"written to {path}")  # noqa: T201


def embedding(threads: int) -> dict[str, Any]:
    """Return the speed of both ways, in passages a second, and how many times as fast ours is."""
    encoder = SentenceTransformerEncoder(find_model(), threads=threads)
    library = read_library(REPOSITORY / "knowledge")
    passages = [
        passage.embedding_text()
        for passage in cut_library(library, count_tokens=encoder.count_tokens, window=encoder.window)
        if passage.kind is not PassageKind.QUESTION
    ]
    chosen = np.random.default_rng(0).permutation(len(passages))[:CHOSEN_ON]
    texts = [passages[number] for number in chosen]
    plain = cast("Any", encoder)._model  # noqa: SLF001  # the same weights in full precision, without our path
    encoder.encode_passages(texts)
    texts = texts[:TEXTS]
    ours, theirs, ratios, busy = [], [], [], []
    for _ in range(RUNS):
        processor = time.process_time()
        mine = seconds(lambda: encoder.encode_passages(texts))
        busy.append((time.process_time() - processor) / len(texts))
        other = seconds(lambda: plain.encode([text for text, _ in texts], show_progress_bar=False))
        ours.append(len(texts) / mine)
        theirs.append(len(texts) / other)
        ratios.append(other / mine)
    figures = {
        "texts": len(texts),
        "threads": threads,
        "precision": str(next((cast("Any", encoder)._passage_model or plain).parameters()).dtype),  # noqa: SLF001
        "passages/s": median_and_spread(ours),
        "processor s a passage": median_and_spread(busy, 5),
        "sentence-transformers fp32 passages/s": median_and_spread(theirs),
        "times as fast": median_and_spread(ratios),
        "load average": round(os.getloadavg()[0], 1),
    }
    print(  # noqa: T201
        f"embedding: {shown(figures['passages/s'])} passages/s, sentence-transformers fp32 "
        f"{shown(figures['sentence-transformers fp32 passages/s'])}: {shown(figures['times as fast'])} times as fast"
    )
    return figures


def loading() -> tuple[float, float]:
    """Return the seconds that a new process takes to load the model, on the clock and on the processor."""
    code = "from index.embedding import *; SentenceTransformerEncoder(find_model())"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = seconds(lambda: subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=True))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def shares(results: dict[str, Any]) -> dict[str, float]:
    """Return what one changed page costs of a full build, with the loading of the model in both."""
    page, embedded = results["one changed page"], results["embedding"]
    count = page["passages"]
    load, busy = (results[name]["median"] for name in ("loading the model s", "loading the model, processor s"))
    full = load + page["first build without embedding s"] + count / embedded["passages/s"]["median"]
    full_busy = busy + page["first build without embedding, processor s"]
    full_busy += count * embedded["processor s a passage"]["median"]
    return {
        "full build, estimated s": round(full),
        "full build, estimated processor s": round(full_busy),
        "share": round((load + page["seconds"]["median"]) / full, 4),
        "share of the processor": round((busy + page["processor seconds"]["median"]) / full_busy, 4),
        "share without loading the model": round(page["seconds"]["median"] / (full - load), 4),
    }


def one_changed_page(passages: int, times: int) -> dict[str, Any]:
    """Return what a build costs after one page changed, and what the first one cost without embedding."""
    with tempfile.TemporaryDirectory(prefix="build-") as name:
        knowledge, state = Path(name) / "knowledge", Path(name) / "state"
        write_variants(knowledge, passages)
        encoder = MadeUpVectors(library_vectors(REPOSITORY / "var"))
        processor = time.process_time()
        first = build(knowledge, state, encoder)
        first_busy = time.process_time() - processor
        made_up, made_up_busy, memory_first = encoder.seconds, encoder.busy, memory_mib()["peak"]
        runs, busy, embedded = [], [], []
        for run in range(times):
            change_a_page(knowledge, run)
            processor = time.process_time()
            report = build(knowledge, state, encoder)
            busy.append(time.process_time() - processor)
            runs.append(report.seconds)
            embedded.append(report.embedded)
        change_a_page(knowledge, times)
        profile = cProfile.Profile()
        profile.runcall(build, knowledge, state, encoder)
        stages = by_stage(profile)
    after = median_and_spread(runs)
    count = first.counts.passages
    results = {
        "passages": count,
        "pages": first.counts.pages,
        "embedded again": max(embedded),
        "seconds": after,
        "processor seconds": median_and_spread(busy),
        "first build without embedding s": round(first.seconds - made_up, 1),
        "first build without embedding, processor s": round(first_busy - made_up_busy, 1),
        "first build, peak memory MiB": memory_first,
        "load average": round(os.getloadavg()[0], 1),
        "seconds by stage, under a profiler": stages,
    }
    print(  # noqa: T201
        f"one page changed in {count:,} passages: {max(embedded)} embedded again, {shown(after)} s "
        f"({shown(median_and_spread(busy))} on the processor)"
    )
    for stage, taken in stages.items():
        print(f"  {taken:8.2f} s  {stage}")  # noqa: T201
    return results


def build(knowledge: Path, state: Path, encoder: MadeUpVectors) -> Any:
    """Build, with vectors that cost nothing."""
    load = cast("type[SentenceTransformerEncoder]", lambda *_, **__: encoder)
    return build_generation(knowledge, state, ModelFiles("made up", Path(), "made up"), load=load, keep=2)


class MadeUpVectors:
    """An encoder whose vectors depend on the text, lie as the shipped library's do, and mean nothing."""

    checksum = "made up"
    window = WINDOW
    dimension = DIMENSION

    def __init__(self, real: Vectors) -> None:
        """Begin counting."""
        self._real = real
        self.seconds = self.busy = 0.0

    @property
    def model(self) -> object:
        """There is none."""
        raise ExportError("it has no model to export")

    @staticmethod
    def count_tokens(text: str) -> int:
        """Return about as many tokens as the default model sees."""
        return len(text) // 5 + 1

    def encode_passages(
        self, passages: Sequence[tuple[str, Sequence[Span]]], *, on_encoded: Callable[[int], None] = lambda _: None
    ) -> list[Embedded]:
        """Return made up unit vectors."""
        made: list[Embedded] = []
        started, processor = time.perf_counter(), time.process_time()
        for text, spans in passages:
            random = np.random.default_rng(zlib.crc32(text.encode()))
            vectors = random.standard_normal((1 + len(spans), DIMENSION), dtype=np.float32)
            near, one, other = self._real[random.integers(0, len(self._real), 3)]
            vectors[0] = near + _NOISE * (one - other) / max(float(np.linalg.norm(one - other)), 1e-9)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            made.append(Embedded(vectors[0], vectors[1:]))
        self.seconds += time.perf_counter() - started
        self.busy += time.process_time() - processor
        on_encoded(len(made))
        return made


def write_variants(root: Path, passages: int) -> None:
    """Write the shipped pages again and again under other names and with words of their own."""
    real = read_library(REPOSITORY / "knowledge")
    a_library = sum(
        passage.quotable for passage in cut_library(real, count_tokens=MadeUpVectors.count_tokens, window=WINDOW)
    )
    shutil.copytree(REPOSITORY / "knowledge" / "references", root / "references")
    (root / "en").mkdir()
    files = sorted((REPOSITORY / "knowledge" / "en").glob("*.md"))
    for variant in range(max(1, round(passages / a_library))):
        for file in files:
            # Names that many pages share would be problems of the content.
            text = re.sub(r"(?m)^(aliases|requires|related): .*\n", "", file.read_text(encoding="utf-8"))
            text = re.sub(r"(?m)^title: (.+)$", rf"title: \1 {variant}", text, count=1)
            text = re.sub(r"(?m)^(\w[^:\n]{80,})$", rf"\1 Variant word{variant}.", text)
            (root / "en" / f"{file.stem}-{variant}.md").write_text(text, encoding="utf-8")


def change_a_page(root: Path, number: int) -> None:
    """Change one paragraph of one page."""
    page = sorted((root / "en").iterdir())[number]
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("\n# Intermediate", f"\nOne more sentence, number {number}.\n\n# Intermediate", 1))


def by_stage(profile: cProfile.Profile) -> dict[str, float]:
    """Return the seconds of each stage that took any, most first; stages within others count in both."""
    table: dict[tuple[str, int, str], tuple[int, int, float, float, Any]] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    taken: dict[str, float] = {}
    for (file, _, function), (_, _, _, cumulative, _) in table.items():
        stage = STAGES.get((Path(file).stem, function))
        if stage and Path(file).parent.name == "index":
            taken[stage] = taken.get(stage, 0.0) + cumulative
    return {stage: round(value, 2) for stage, value in sorted(taken.items(), key=lambda item: -item[1])}


def seconds(work: Callable[[], object]) -> float:
    """Return how long something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
