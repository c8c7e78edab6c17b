"""How fast the library is embedded, and what one changed page costs: `python -m tests.bench.build`.

Embedding: the pages of the shipped library, by `encode_passages` (which gives sentence vectors too) and by
sentence-transformers' own `encode` in full precision, in turn, with the same number of threads.

One changed page: a library of as many passages as asked for, made of the shipped pages in many variants, is built
once, one page is changed, and it is built again. Both with an encoder that makes vectors up at once, as embedding
100,000 passages takes an hour; so the full build's time is an ESTIMATE: what all passages would take at the speed
measured first, and what the second build takes. Where the time goes is taken from a third build, under a profiler.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from index.build import build_generation
from index.embedding import Embedded, ModelFiles, SentenceTransformerEncoder, find_model
from index.library import read_library
from index.model_export import ExportError
from index.passages import PassageKind, cut_library
from index.sentences import Span
from tests.bench.figures import machine, median_and_spread, shown, write_results

REPOSITORY = Path(__file__).resolve().parents[2]
# The precision is chosen on more texts than are timed again and again.
RUNS, CHOSEN_ON, TEXTS, WINDOW = 5, 200, 96, 256
DIMENSION = 384
# What a build spends its time on, by the functions that do it.
STAGES = {
    "read_library": "reading and parsing the pages",
    "cut_library": "cutting passages",
    "verify_files": "checking the generation that serves",
    "validate_json": "reading its passages",
    "compare": "comparing with them",
    "cache_key": "keys of the embedding cache",
    "get": "reading cached vectors",
    "encode_passages": "embedding",
    "learn_head": "learning the head",
    "terms": "words and stems",
    "learn_words": "learning the word head",
    "index": "BM25",
    "dump_json": "writing passages",
    "file_checksum": "checksums of the files",
}
_MODULES = re.compile(r"/index/|/bm25s/|pydantic")


def main() -> None:
    """Run both benchmarks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=1, help="threads to embed with, of both")
    parser.add_argument("--passages", type=int, default=100_000, help="passages of the library with one changed page")
    parser.add_argument("--skip-embedding", type=float, metavar="SPEED", help="take this many passages/s as given")
    options = parser.parse_args()
    results: dict[str, Any] = {"machine": machine()}
    if options.skip_embedding:
        speed = options.skip_embedding
    else:
        results["embedding"] = embedding(options.threads)
        speed = results["embedding"]["passages/s"]["median"]
    results["one changed page"] = one_changed_page(options.passages, speed)
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
    ours, theirs, ratios = [], [], []
    for _ in range(RUNS):
        mine = seconds(lambda: encoder.encode_passages(texts))
        other = seconds(lambda: plain.encode([text for text, _ in texts], show_progress_bar=False))
        ours.append(len(texts) / mine)
        theirs.append(len(texts) / other)
        ratios.append(other / mine)
    figures = {
        "texts": len(texts),
        "threads": threads,
        "precision": str(next((cast("Any", encoder)._passage_model or plain).parameters()).dtype),  # noqa: SLF001
        "passages/s": median_and_spread(ours),
        "sentence-transformers fp32 passages/s": median_and_spread(theirs),
        "times as fast": median_and_spread(ratios),
        "load average": round(os.getloadavg()[0], 1),
    }
    print(  # noqa: T201
        f"embedding: {shown(figures['passages/s'])} passages/s, sentence-transformers fp32 "
        f"{shown(figures['sentence-transformers fp32 passages/s'])}: {shown(figures['times as fast'])} times as fast"
    )
    return figures


def one_changed_page(passages: int, speed: float) -> dict[str, Any]:
    """Return what a build costs after one page changed, as a share of a full build at an embedding speed."""
    with tempfile.TemporaryDirectory(prefix="build-") as name:
        knowledge, state = Path(name) / "knowledge", Path(name) / "state"
        write_variants(knowledge, passages)
        encoder = MadeUpVectors()
        first = build(knowledge, state, encoder)
        runs, busy, embedded = [], [], []
        for run in range(RUNS):
            change_a_page(knowledge, run)
            processor = time.process_time()
            report = build(knowledge, state, encoder)
            busy.append(time.process_time() - processor)
            runs.append(report.seconds)
            embedded.append(report.embedded)
        change_a_page(knowledge, RUNS)
        profile = cProfile.Profile()
        profile.runcall(build, knowledge, state, encoder)
        stages = by_stage(profile)
    after = median_and_spread(runs)
    count = first.counts.passages
    full = count / speed + after["median"]
    share = after["median"] / full
    results = {
        "passages": count,
        "pages": first.counts.pages,
        "embedded again": max(embedded),
        "seconds": after,
        "processor seconds": median_and_spread(busy),
        "full build, estimated s": round(full),
        "share of a full build": round(share, 4),
        "load average": round(os.getloadavg()[0], 1),
        "seconds by stage, under a profiler": stages,
    }
    print(  # noqa: T201
        f"one page changed in {count:,} passages: {max(embedded)} embedded again, {shown(after)} s "
        f"({shown(median_and_spread(busy))} on the processor), "
        f"{share:.1%} of a full build of {full:.0f} s (estimated)"
    )
    for stage, taken in stages.items():
        print(f"  {taken:8.2f} s  {stage}")  # noqa: T201
    return results


def build(knowledge: Path, state: Path, encoder: MadeUpVectors) -> Any:
    """Build, with vectors that cost nothing."""
    load = cast("type[SentenceTransformerEncoder]", lambda *_, **__: encoder)
    return build_generation(knowledge, state, ModelFiles("made up", Path(), "made up"), load=load, keep=2)


class MadeUpVectors:
    """An encoder whose vectors depend on the text and mean nothing."""

    checksum = "made up"
    window = WINDOW
    dimension = DIMENSION

    @property
    def model(self) -> object:
        """There is none."""
        raise ExportError("it has no model to export")

    def count_tokens(self, text: str) -> int:
        """Return about as many tokens as the default model sees."""
        return len(text) // 5 + 1

    def encode_passages(
        self, passages: Sequence[tuple[str, Sequence[Span]]], *, on_encoded: Callable[[int], None] = lambda _: None
    ) -> list[Embedded]:
        """Return made up unit vectors."""
        made = []
        for text, spans in passages:
            vectors = np.random.default_rng(len(text)).standard_normal((1 + len(spans), DIMENSION), dtype=np.float32)
            vectors[0] += 3 * np.random.default_rng(hash(text[:40]) % 2**32).standard_normal(DIMENSION)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            made.append(Embedded(vectors[0], vectors[1:]))
        on_encoded(len(made))
        return made


def write_variants(root: Path, passages: int) -> None:
    """Write the shipped pages again and again under other names and with words of their own."""
    real = read_library(REPOSITORY / "knowledge")
    a_library = sum(
        passage.kind in {PassageKind.TEXT, PassageKind.SUMMARY}
        for passage in cut_library(real, count_tokens=MadeUpVectors().count_tokens, window=WINDOW)
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
        if function in STAGES and (_MODULES.search(file) or function == "validate_json"):
            taken[STAGES[function]] = max(taken.get(STAGES[function], 0.0), cumulative)
        if function == "build_generation":
            taken["all of it"] = cumulative
    return {stage: round(value, 2) for stage, value in sorted(taken.items(), key=lambda item: -item[1])}


def seconds(work: Callable[[], object]) -> float:
    """Return how long something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
