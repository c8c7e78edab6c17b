"""The course that every contender runs: start, answer once, then answer many questions; imports nothing heavy.

A contender's program calls `run(load)`. It gets the folder of the material as its only argument, writes one JSON
object a line to standard output, and ends when standard input does.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PASSAGES, VECTORS, QUESTIONS, MODEL = "passages.json", "vectors.npy", "questions.json", "model.txt"
DEPTH = 10
Answer = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Material:
    """The library that all contenders serve: its passages with their vectors, and the model's folder."""

    folder: Path

    @property
    def passages(self) -> list[str]:
        """The texts, in the order of their vectors."""
        found: list[str] = json.loads((self.folder / PASSAGES).read_text(encoding="utf-8"))
        return found

    @property
    def model(self) -> str:
        """The folder of the embedding model."""
        return (self.folder / MODEL).read_text(encoding="utf-8").strip()

    def own(self, name: str) -> Path:
        """Return a folder for what a contender keeps between starts."""
        folder = self.folder / "kept" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def run(load: Callable[[Material], Answer]) -> None:
    """Run the course with what `load` returns, which answers one question."""
    material = Material(Path(sys.argv[1]))
    questions: list[str] = json.loads((material.folder / QUESTIONS).read_text(encoding="utf-8"))
    answer = load(material)
    answer(questions[0])
    _say(processor=time.process_time())
    for line in sys.stdin:
        order = json.loads(line)
        taken, before = [], time.process_time()
        for question in questions[order["start"] : order["stop"]]:
            began = time.perf_counter()
            answer(question)
            taken.append(time.perf_counter() - began)
        processor = (time.process_time() - before) / max(1, len(taken))
        _say(seconds=taken, processor=processor, memory=_memory())


def _memory() -> int:
    """Return the bytes of memory that this process holds now."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * int(status.split("VmRSS:")[1].split()[0])


def _say(**content: object) -> None:
    sys.stdout.write(json.dumps(content) + "\n")
    sys.stdout.flush()
