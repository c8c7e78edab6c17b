"""`python tests/bench/retrieval.py --beir DIR`: ours beside its parts and beside other libraries, on one collection.

Every system gets the same texts (title and text), and every one that uses vectors gets those of the same model, over
its full window. One evaluator measures all. Needs `pip install -e '.[evaluate]'`; peers are installed into
environments of their own under `--state` when they are first run.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:  # so that it runs as a file, too
    sys.path.insert(0, str(ROOT))

from index.embedding import SentenceTransformerEncoder, find_model  # noqa: E402
from tests.bench.beir import BeirCollection, BeirError, read_beir  # noqa: E402
from tests.bench.document_index import build_index  # noqa: E402
from tests.bench.peer_runs import PEERS, PeerError, run_peer, write_task  # noqa: E402
from tests.bench.scoring import Figures, score_run  # noqa: E402
from tests.bench.systems import BM25, DENSE, OURS, Asked, ask, run_system, systems, variations  # noqa: E402
from tests.bench.vectors import VectorStore  # noqa: E402

# What a query costs in each of our own systems; peers say it themselves, once they have the query's vector.
STAGES = {
    BM25: ("BM25",),
    DENSE: ("cosine of beginnings",),
    OURS: ("cosine of pieces", "BM25", "fusion"),
}


def main() -> None:
    """Run everything, print a table and write it as JSON."""
    options = _options()
    try:
        collection = read_beir(options.beir, options.split)
    except BeirError as error:
        sys.exit(str(error))
    ids = [item.id for item in collection.documents]
    encoder = SentenceTransformerEncoder(find_model(), threads=options.threads)
    store = VectorStore(encoder, options.state / "embeddings.sqlite")
    index = build_index(collection.documents, encoder, store)
    whole = np.stack([item.vector for item in store.of([(item.full_text, []) for item in collection.documents])])
    with threadpool_limits(1):  # two threads on one query are slower than one
        asked = {key: ask(text, encoder, index, whole) for key, text in collection.queries.items()}

    figures: dict[str, Figures] = {}
    milliseconds: dict[str, float] = {}
    for name, system in systems().items():
        figures[name] = score_run(run_system(system, asked, ids), collection.judgements)
        milliseconds[name] = sum(stage_time(asked, stage) for stage in STAGES[name])
    if options.variations:
        for name, system in variations(whole).items():
            figures[name] = score_run(run_system(system, asked, ids), collection.judgements)
    failures: dict[str, str] = {}
    if not options.no_peers:
        task = options.state / f"{collection.name}-{options.split}"
        write_task(task, collection, whole, np.stack([asked[key].vector for key in collection.queries]))
        for peer in PEERS:
            sys.stderr.write(f"running {peer}\n")
            try:
                for name, result in run_peer(peer, task, options.state).items():
                    figures[name] = score_run(result.run, collection.judgements)
                    milliseconds[name] = result.milliseconds
            except PeerError as error:
                failures[peer] = str(error)
    stages = {stage: stage_time(asked, stage) for stage in next(iter(asked.values())).milliseconds}
    report = as_json(collection, options.split, figures, milliseconds, stages, failures)
    out = options.out or options.state / f"{collection.name}-{options.split}.json"
    out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(as_table(report) + f"\nwritten to {out}\n")


def stage_time(asked: Mapping[str, Asked], stage: str) -> float:
    """Return the median milliseconds of a stage."""
    return float(np.median([item.milliseconds[stage] for item in asked.values()]))


def as_json(
    collection: BeirCollection,
    split: str,
    figures: Mapping[str, Figures],
    milliseconds: Mapping[str, float],
    stages: Mapping[str, float],
    failures: Mapping[str, str],
) -> dict[str, Any]:
    """Return everything that was found, as plain data."""
    return {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "collection": collection.name,
        "split": split,
        "documents": len(collection.documents),
        "queries": len(collection.queries),
        "systems": {
            name: {
                "ndcg@10": round(found.ndcg.value, 4),
                "interval": [round(found.ndcg.low, 4), round(found.ndcg.high, 4)],
                "recall@100": round(found.recall, 4),
                "mrr": round(found.reciprocal_rank, 4),
                "milliseconds": round(milliseconds[name], 3) if name in milliseconds else None,
                "ours is ahead by": str(figures[OURS].minus(found)) if name != OURS else None,
            }
            for name, found in figures.items()
        },
        "milliseconds by stage": {stage: round(value, 3) for stage, value in stages.items()},
        "did not run": dict(failures),
    }


def as_table(report: Mapping[str, Any]) -> str:
    """Return the report as a Markdown table."""
    lines = [
        (
            f"{report['collection']}, {report['split']} split: {report['documents']} documents, "
            f"{report['queries']} queries"
        ),
        "",
        "| System | nDCG@10 | 95% interval | recall@100 | MRR | ms/query | ours is ahead by |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in report["systems"].items():
        low, high = row["interval"]
        taken = "" if row["milliseconds"] is None else f"{row['milliseconds']:.2f}"
        lines.append(
            f"| {name} | {row['ndcg@10']:.4f} | {low:.3f} to {high:.3f} | {row['recall@100']:.4f} "
            f"| {row['mrr']:.4f} | {taken} | {row['ours is ahead by'] or ''} |"
        )
    lines += ["", "| Stage | ms/query |", "|---|---|"]
    lines += [f"| {stage} | {value:.2f} |" for stage, value in report["milliseconds by stage"].items()]
    lines += [f"\n{peer} did not run: {why}" for peer, why in report["did not run"].items()]
    return "\n".join(lines) + "\n"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--beir", type=Path, required=True, metavar="DIR", help="a collection in the BEIR layout")
    parser.add_argument("--split", default="test", help="which qrels to use (default: test)")
    parser.add_argument("--variations", action="store_true", help="also measure ours with one stage changed")
    parser.add_argument("--no-peers", action="store_true", help="leave other libraries out")
    parser.add_argument("--threads", type=int, default=1, help="threads of the model (default: 1)")
    parser.add_argument(
        "--state",
        type=Path,
        default=ROOT / "var" / "bench",
        help="where vectors and peers are kept (default: var/bench)",
    )
    parser.add_argument("--out", type=Path, help="where to write JSON (default: in --state)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
