"""Sending contenders over the course, one at a time, in turns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.serving.field import PROGRAMS, Contender, FieldError

REPOSITORY = Path(__file__).resolve().parents[3]
_ERROR_LINES = 5


@dataclass(frozen=True, slots=True)
class Lap:
    """One start of a contender.

    Attributes:
        start: seconds from starting the process to its first answer.
        seconds: of each further question.
        memory: bytes that the process holds after them.
        start_processor: processor seconds until its first answer, on which other processes have little influence.
        processor: processor seconds of each further question, on average.
    """

    start: float
    seconds: tuple[float, ...]
    memory: int
    start_processor: float
    processor: float


def lap(contender: Contender, python: Path, material: Path, questions: range) -> Lap:
    """Start a contender, ask it questions, and end it.

    Raises:
        FieldError: it failed; the message holds the end of what it said.
    """
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(PROGRAMS), str(REPOSITORY)]),
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
    }
    if contender.program in {"fathom", "bare_model"}:
        environment["OPENBLAS_NUM_THREADS"] = "1"  # as `python -m bot` sets it for itself
    began = time.perf_counter()
    process = subprocess.Popen(
        [str(python), str(PROGRAMS / f"{contender.program}.py"), str(material)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        first = process.stdout.readline()
        start = time.perf_counter() - began
        if not first:
            raise FieldError(f"{contender.name}: {_end_of(process)}")
        process.stdin.write(json.dumps({"start": questions.start, "stop": questions.stop}) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise FieldError(f"{contender.name}: {_end_of(process)}")
        found = json.loads(line)
        process.stdin.close()
        process.stdout.read()
    return Lap(
        start, tuple(found["seconds"]), found["memory"], float(json.loads(first)["processor"]), found["processor"]
    )


@contextmanager
def burning_core() -> Iterator[None]:
    """Keep one processor busy from another process meanwhile."""
    burner = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        burner.kill()
        burner.wait()


def _end_of(process: subprocess.Popen[str]) -> str:
    process.kill()
    said = process.stderr.read() if process.stderr is not None else ""
    return "\n".join(said.strip().splitlines()[-_ERROR_LINES:])
