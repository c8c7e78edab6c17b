"""When one process, and one machine, stop being enough: `python -m tests.bench.outgrow [--measure]`.

`--measure` measures the unit costs anew (some ten minutes); without it those of last time are read. Then the busiest
hour of up to 10,000 servers and 100 million passages is simulated, and the tables and the plot are written that
`docs/outgrowing.md` shows.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench.figures import machine, write_results
from tests.bench.growth import REPOSITORY
from tests.bench.outgrow.answer_costs import answer_costs
from tests.bench.outgrow.bot_costs import bot_costs
from tests.bench.outgrow.costs import MEASURED, Assumed, Costs
from tests.bench.outgrow.library_costs import SIZES, library_costs, per_passage
from tests.bench.outgrow.picture import draw
from tests.bench.outgrow.simulation import (
    busy_hour,
    crowd,
    memory_mib,
    place,
    processes_needed,
    work_ms,
)

PARTS = ("answers", "bot", "library")
SERVERS = (10, 100, 1_000, 3_000, 10_000)
PASSAGES = (19_526, 100_000, 1_000_000, 10_000_000, 100_000_000)
PROCESSES = (1, 2, 4)
# docs/benchmarks.md, `python -m tests.bench.serving`: askers at once, answers a second, p99 in milliseconds.
SERVED = ((1, 85.4, 34.1), (8, 132.0, 164.0), (64, 134.0, 582.0), (256, 139.0, 2040.0))


def main() -> None:
    """Measure if asked to, simulate, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", nargs="*", choices=PARTS, help="measure the unit costs anew, all or some parts")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="passages of the libraries to measure")
    parser.add_argument("--state", type=Path, default=REPOSITORY / "var", help="a state folder with an index")
    options = parser.parse_args()
    if options.measure is not None:
        measure(options.measure or PARTS, options)
    kept = json.loads(MEASURED.read_text(encoding="utf-8"))
    costs, assumed = Costs.read(), Assumed()
    simulated = {
        "assumed": asdict(assumed),
        "checked against tests.bench.serving": [checked(*row, costs=costs) for row in SERVED],
        "servers": [by_servers(count, costs, assumed) for count in SERVERS],
        "passages": [by_passages(count, costs, assumed) for count in PASSAGES],
        "passages, sentences compared": [by_passages(count, Costs.read(sentences=True), assumed) for count in PASSAGES],
    }
    path = write_results("outgrow", {**kept, "simulated": simulated})
    draw(costs, assumed, REPOSITORY / "docs" / "outgrowing.png")
    print(json.dumps(simulated, indent=1))  # noqa: T201
    print(f"written to {path}")  # noqa: T201


def measure(parts: Sequence[str], options: argparse.Namespace) -> None:
    """Measure some unit costs, each in processes of its own, and keep the others as they were."""
    kept = json.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.exists() else {"measured": {}}
    measured = kept["measured"]
    for part in parts:
        if part == "answers":
            # Of docs/benchmarks.md: what many askers got there, beside one.
            gain = {"times the answers of one asker": round(SERVED[2][1] / SERVED[0][1], 2)}
            measured[part] = {**answer_costs(options.state), **gain}
        elif part == "bot":
            measured[part] = bot_costs()
        else:
            rows = library_costs(tuple(int(size) for size in options.sizes.split(",")))
            measured[part] = {"rows": rows, "per passage": per_passage(rows)}
        measured[part]["machine"] = machine()
        write_results("outgrow", {**kept, "measured": measured})


def checked(askers: int, measured: float, measured_p99: float, *, costs: Costs) -> dict[str, float]:
    """Return what was measured and what the model says, given only what one asker gets, and how much many gain."""
    rate, p99 = crowd(askers, 1000 / SERVED[0][1], costs)
    return {
        "askers": askers,
        "answers a second, measured": measured,
        "answers a second, simulated": round(rate, 1),
        "p99 ms, measured": measured_p99,
        "p99 ms, simulated": round(p99),
    }


def by_servers(servers: int, costs: Costs, assumed: Assumed) -> dict[str, Any]:
    """Return how so many servers are served from the shipped library."""
    here = place(costs.shipped, assumed, milvus=False)
    found: dict[str, Any] = {"servers": servers}
    for processes in PROCESSES:
        load = busy_hour(servers, processes, costs, assumed, costs.shipped, here)
        found[f"with {processes}"] = {
            "questions a second each": round(load.questions, 3),
            "p50 ms": _ms(load.seconds[0]),
            "p99 ms": _ms(load.seconds[1]),
            "p99 ms in the burst": _ms(load.burst_p99),
            "busy": _share(load.busy),
            "MiB each": round(memory_mib(servers, processes, costs.shipped, costs, here)),
        }
    found["processes needed"] = processes_needed(servers, costs, assumed, costs.shipped, here)
    return found


def by_passages(passages: int, costs: Costs, assumed: Assumed) -> dict[str, Any]:
    """Return what so many passages take, with a thousand servers, wherever their vectors are."""
    found: dict[str, Any] = {"passages": passages}
    shipped = place(costs.shipped, assumed, milvus=False)
    for name, milvus in (("in process", False), ("milvus", True)):
        vectors = place(passages, assumed, milvus=milvus)
        busy, waiting = work_ms(passages, costs, vectors, assumed, shipped)
        found[name] = {
            "processor ms a question": round(busy, 1),
            "waiting ms a question": round(waiting, 1),
            "GiB each process": round(memory_mib(1_000, 1, passages, costs, None if milvus else vectors) / 1024, 2),
            "GiB of the vector server": round(vectors.mib / 1024, 2) if milvus else 0,
            "processes needed for 1,000 servers": processes_needed(1_000, costs, assumed, passages, vectors),
            "vectors": vectors.source,
        }
    return found


def _ms(seconds: float) -> float | None:
    return round(1000 * seconds) if math.isfinite(seconds) else None


def _share(share: float) -> float | None:
    return round(share, 3) if math.isfinite(share) else None


if __name__ == "__main__":
    main()
