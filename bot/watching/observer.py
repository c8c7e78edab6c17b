"""What the parts of the bot tell whoever watches; knows nothing of how it is counted or shown."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from bot.answer import Answer, Outcome
from index.levels import Level


class Stage(StrEnum):
    """What a question goes through; one lies within another where so said."""

    QUEUE = "queue"
    """From being let in to having a thread."""
    ENCODE = "encode"
    """From a text to its vector; a question may need several."""
    SEARCH = "search"
    """From a text to ranked passages, `encode` included; a question may need several."""
    ANSWER = "answer"
    """All the work in the thread, `encode` and `search` included."""
    WHOLE = "whole"
    """From the question's arrival to Discord's receipt of the answer, everything included."""


class Result(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    COMPARED = "compared"
    ABSTAINED = "abstained"
    EMPTY = "empty"
    BUSY = "busy"
    NOT_READY = "not ready"
    FAILED = "failed"


class Observer:
    """Nobody watches; a subclass does. Called from the event loop and from threads, so it must be quick and safe."""

    def stage(self, stage: Stage, seconds: float) -> None:
        """Note how long a stage took."""

    def answered(self, result: Result, level: Level) -> None:
        """Note what became of a question, at the depth shown, or asked for where nothing was."""

    def acknowledged(self, seconds: float) -> None:
        """Note how long after its arrival an interaction was acknowledged."""

    def rebuilt(self, outcome: str, seconds: float) -> None:
        """Note a rebuild that ended, and how."""

    def resumed(self, shard: int) -> None:
        """Note that a shard took its session up again."""

    def disconnected(self, shard: int) -> None:
        """Note that a shard lost its connection."""

    @contextmanager
    def timed(self, stage: Stage) -> Iterator[None]:
        """Note how long the block takes, however it ends."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.stage(stage, time.perf_counter() - started)


def result_of(answer: Answer) -> Result:
    """Return what became of a question that was worked on to the end."""
    if answer.beside is not None or answer.compared is not None:
        return Result.COMPARED
    return {
        Outcome.ANSWERED: Result.ANSWERED,
        Outcome.NOT_COVERED: Result.ABSTAINED,
        Outcome.EMPTY: Result.EMPTY,
    }[answer.outcome]
