"""The evaluation set: questions with the concepts whose pages would be a good answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

Split = Literal["tune", "test"]


class EvaluationError(Exception):
    """An evaluation set that cannot be used; the message says which line."""


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: str
    question: str | None = None
    turns: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    new_topic: bool = False


@dataclass(frozen=True, slots=True)
class EvaluationQuestion:
    """A question of the set.

    Attributes:
        id: unique.
        kind: what sort of question it is.
        text: the question itself, the last turn of a conversation.
        turns: what came before it.
        concepts: acceptable concepts, best first; none for a question that the library does not cover.
        new_topic: whether it leaves the topic of the turns before.
    """

    id: str
    kind: str
    text: str
    turns: tuple[str, ...]
    concepts: tuple[str, ...]
    new_topic: bool

    @property
    def split(self) -> Split:
        """Which half it belongs to, fixed by its id: only the tune half may be looked at when tuning."""
        return "tune" if hashlib.sha256(self.id.encode()).digest()[0] % 2 == 0 else "test"

    @property
    def in_scope(self) -> bool:
        """Whether the library covers it."""
        return bool(self.concepts)


def read_evaluation(folder: Path) -> list[EvaluationQuestion]:
    """Read all questions of a folder of JSON lines.

    Raises:
        EvaluationError: a line cannot be read, or an id appears twice.
    """
    questions: dict[str, EvaluationQuestion] = {}
    for file in sorted(folder.glob("*.jsonl")):
        for number, line in _lines(file):
            try:
                read = _Line.model_validate_json(line)
            except ValidationError as error:
                raise EvaluationError(f"{file}:{number}: {error.errors()[0]['msg']}") from error
            text = read.question if read.question is not None else read.turns[-1] if read.turns else ""
            if read.id in questions:
                raise EvaluationError(f"{file}:{number}: the id `{read.id}` appears twice")
            turns = () if read.question is not None else read.turns[:-1]
            questions[read.id] = EvaluationQuestion(read.id, read.kind, text, turns, read.concepts, read.new_topic)
    if not questions:
        raise EvaluationError(f"{folder}: no questions; give a folder of .jsonl files with --questions")
    return list(questions.values())


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            yield number, line
