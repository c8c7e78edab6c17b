"""`python -m tests.bench.serving`: answers, starts, memory and crowds, beside other libraries, as ratios in one run.

Every contender serves the same passages with the same model. In each round all of them start anew, one after the
other, in another order; what is compared are medians over the rounds. Fathom gives whole answers (concept,
confidence, passages, best sentence, sources), the others the nearest ten passages.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.config import load_settings
from tests.bench.serving.course import REPOSITORY, Lap, burning_core, lap
from tests.bench.serving.field import BARE, FATHOM, PEERS, PLAIN, FieldError, interpreter
from tests.bench.serving.material import write_material
from tests.bench.serving.pictures import draw
from tests.bench.serving.result import Spread, median_spread, percentile, table

CROWDS = (1, 8, 64, 256)


def main() -> None:
    """Run everything; print tables, and write JSON and a picture."""
    options = _options()
    settings = load_settings(None)
    material: Path = options.state / "material"
    count = write_material(material, settings)
    failures: dict[str, str] = {}
    pythons = {}
    for contender in (FATHOM, BARE, PLAIN, *(() if options.no_peers else PEERS)):
        try:
            python = interpreter(contender, options.state)
            sys.stderr.write(f"{contender.name}: first start, which may build its index\n")
            lap(contender, python, material, range(1, 5))
            pythons[contender] = python
        except FieldError as error:
            failures[contender.name] = str(error)
    laps: dict[str, list[Lap]] = {contender.name: [] for contender in pythons}
    order = list(pythons)
    for number in range(options.rounds):
        random.Random(number).shuffle(order)
        for contender in order:
            sys.stderr.write(f"round {number + 1} of {options.rounds}: {contender.name}\n")
            part = range(1, min(count, 1 + options.questions))
            laps[contender.name].append(lap(contender, pythons[contender], material, part))
    busy = []
    with burning_core():
        for number in range(options.rounds):
            sys.stderr.write(f"beside a busy core, {number + 1} of {options.rounds}\n")
            busy.append(lap(FATHOM, pythons[FATHOM], material, range(1, min(count, 1 + options.questions))))
    crowds = [_crowd(settings.knowledge.path, settings.state.path, material) for _ in range(options.rounds)]
    result = _result(laps, busy, crowds)
    result |= {
        "failures": failures,
        "load": os.getloadavg()[1],
        "when": datetime.now(UTC).isoformat(timespec="minutes"),
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    draw(result, options.out.with_suffix(".svg"))
    sys.stdout.write(table(result))


def _crowd(knowledge: Path, state: Path, material: Path) -> dict[int, dict[str, float]]:
    questions = json.loads((material / "questions.json").read_text(encoding="utf-8"))
    given = {
        "knowledge": str(knowledge.absolute()),
        "state": str(state.absolute()),
        "crowds": CROWDS,
        "total": 512,
        "questions": questions,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.serving.crowd", json.dumps(given)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found = {}
    for line in done.stdout.splitlines():
        item = json.loads(line)
        found[item["crowd"]] = {
            "per second": item["per_second"],
            "p99 ms": 1000 * percentile(item["seconds"], 99),
            "slowest ms": 1000 * max(item["seconds"]),
        }
    return found


def _result(
    laps: dict[str, list[Lap]], busy: list[Lap], crowds: list[dict[int, dict[str, float]]]
) -> dict[str, object]:
    def spread(values: list[float]) -> Spread:
        return median_spread(values)

    contenders = {
        name: {
            "answer p50 ms": spread([1000 * percentile(item.seconds, 50) for item in found]),
            "answer p99 ms": spread([1000 * percentile(item.seconds, 99) for item in found]),
            "answer processor ms": spread([1000 * item.processor for item in found]),
            "start s": spread([item.start for item in found]),
            "start processor s": spread([item.start_processor for item in found]),
            "memory MiB": spread([item.memory / 2**20 for item in found]),
        }
        for name, found in laps.items()
    }
    return {
        "contenders": contenders,
        "beside a busy core": {
            "answer p50 ms": spread([1000 * percentile(item.seconds, 50) for item in busy]),
            "answer p99 ms": spread([1000 * percentile(item.seconds, 99) for item in busy]),
            "p99 / p50": spread([percentile(item.seconds, 99) / percentile(item.seconds, 50) for item in busy]),
        },
        "crowds": {
            str(size): {name: spread([item[size][name] for item in crowds]) for name in crowds[0][size]}
            for size in CROWDS
        },
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--questions", type=int, default=200, help="questions a round")
    parser.add_argument("--state", type=Path, default=Path("var/bench/serving"))
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks/serving.json"))
    parser.add_argument("--no-peers", action="store_true", help="leave out the libraries that must be installed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
