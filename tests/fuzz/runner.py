"""Feeding a target many inputs, each with a deadline, and making what breaks it small enough to read."""

from __future__ import annotations

import faulthandler
import shutil
import signal
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType

from tests.fuzz.target import Target

DEADLINE = 30.0
"""Seconds for one input. Nothing is measured by it: it ends what would otherwise never end."""
_LAST_RESORT = 4 * DEADLINE
_SHRINKING_SECONDS = 20.0
_MOST_FAILURES = 10


class HangError(BaseException):
    """An input that took too long; no `except Exception` in its way stops it."""


@dataclass
class Failure:
    """An input that broke a promise."""

    seed: str
    data: bytes
    said: str
    where: str


@dataclass
class Tally:
    """What became of the inputs of one target."""

    name: str
    inputs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    failures: dict[str, Failure] = field(default_factory=dict)

    def __str__(self) -> str:
        outcomes = ", ".join(f"{count:,} {name}" for name, count in self.outcomes.most_common())
        return (
            f"{self.name}: {self.inputs:,} inputs in {self.seconds:.0f} s, the slowest {self.slowest:.2f} s: "
            f"{outcomes}; {len(self.failures)} different failures"
        )


def fuzz(kind: type[Target], inputs: int, seed: int = 0, deadline: float = DEADLINE) -> Tally:
    """Feed a target so many inputs; the same seed makes the same ones."""
    tally = Tally(kind.name)
    with scratch() as folder:
        target = kind(folder)
        try:
            started = time.monotonic()
            for number in range(inputs):
                name = f"{kind.name}-{seed}-{number}"
                data = target.make(Random(name))
                begun = time.monotonic()
                failure = _feed(target, data, deadline, tally)
                tally.slowest = max(tally.slowest, time.monotonic() - begun)
                if failure is not None and failure.where not in tally.failures:
                    failure.seed = name
                    tally.failures[failure.where] = _shrink(target, failure, deadline)
                    if len(tally.failures) >= _MOST_FAILURES:
                        break
            tally.seconds = time.monotonic() - started
        finally:
            target.close()
    return tally


@contextmanager
def scratch() -> Iterator[Path]:
    """Make a folder on memory, where there is such a place."""
    memory = Path("/dev/shm")  # noqa: S108  # the folder made in it is ours alone
    folder = Path(tempfile.mkdtemp(prefix="fathom-fuzz-", dir=memory if memory.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `HangError` after some seconds; end the process with a traceback if that does not help."""

    def over(_number: int, _frame: FrameType | None) -> None:
        raise HangError(f"still busy after {seconds:g} s")

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    faulthandler.dump_traceback_later(max(_LAST_RESORT, 4 * seconds), exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _feed(target: Target, data: bytes, deadline: float, tally: Tally | None = None) -> Failure | None:
    try:
        with time_limit(deadline):
            outcome = target.check(data)
    except (Exception, HangError) as error:  # noqa: BLE001  # whatever comes is what is looked for
        frames = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in frames if "/fuzz/" not in frame.filename] or frames
        words = str(error).split("\n")[0][:60] if "/fuzz/" in frames[-1].filename else ""
        place = f"{type(error).__name__} {ours[-1].filename}:{ours[-1].lineno} {words}"
        failure = Failure("", data, "".join(traceback.format_exception(error))[-3000:], place)
    else:
        failure = None
    if tally is not None:
        tally.inputs += 1
        tally.outcomes["broken" if failure else outcome] += 1
    return failure


def _shrink(target: Target, failure: Failure, deadline: float) -> Failure:
    """Leave out pieces for as long as it breaks in the same place."""
    until = time.monotonic() + _SHRINKING_SECONDS
    size = len(failure.data) // 2
    while size and time.monotonic() < until:
        at, smaller = 0, False
        while at < len(failure.data) and time.monotonic() < until:
            data = failure.data[:at] + failure.data[at + size :]
            again = _feed(target, data, min(deadline, 2.0))
            if again is not None and again.where == failure.where:
                again.seed, failure, smaller = failure.seed, again, True
            else:
                at += size
        size = size if smaller and size < len(failure.data) else size // 2
    return failure
