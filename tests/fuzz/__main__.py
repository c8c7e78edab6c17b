"""`python -m tests.fuzz [TARGET ...] --inputs 100000`: the long run; `test_short_runs.py` is the short one."""

from __future__ import annotations

import argparse
import logging
import sys
import time
from pathlib import Path

from tests.fuzz.runner import DEADLINE, Tally, fuzz
from tests.fuzz.targets import TARGETS

_KEPT = Path("var") / "fuzz"


def main() -> int:
    """Fuzz what the command line says; return 1 if anything broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"some of {', '.join(TARGETS)}; all by default")
    parser.add_argument("--inputs", type=int, default=100_000, help="how many for each target")
    parser.add_argument("--seed", type=int, default=0, help="the same number makes the same inputs")
    parser.add_argument("--deadline", type=float, default=DEADLINE, help="seconds after which an input counts as hung")
    given = parser.parse_args()
    if unknown := set(given.targets) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    logging.disable(logging.CRITICAL)
    started, broken = time.monotonic(), False
    for name in given.targets or TARGETS:
        tally = fuzz(TARGETS[name], given.inputs, given.seed, given.deadline)
        sys.stdout.write(f"{tally}\n")
        _show(tally)
        broken = broken or bool(tally.failures)
    sys.stdout.write(f"all in {time.monotonic() - started:.0f} s\n")
    return int(broken)


def _show(tally: Tally) -> None:
    for failure in tally.failures.values():
        _KEPT.mkdir(parents=True, exist_ok=True)
        file = _KEPT / f"{failure.seed}.bin"
        file.write_bytes(failure.data)
        sys.stdout.write(f"--- {failure.where}\n{failure.said}\n{len(failure.data)} bytes in {file}: ")
        sys.stdout.write(f"{failure.data[:500]!r}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
