"""Counting what happens, for Prometheus; with a registry of its own, so that two bots in one process do not mix."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

from bot.watching.observer import Observer, Result, Stage
from index.levels import Level

if TYPE_CHECKING:
    from prometheus_client.registry import Collector

_STAGES = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)
# Discord drops what is not acknowledged within three seconds.
_ACKNOWLEDGED = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 5)
_LAG = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_REBUILD = (1, 5, 15, 30, 60, 120, 300, 600, 1800)
# More kinds of errors than this are counted together, so that no fault can make numbers without end.
_MOST_KINDS = 40


class Metrics(Observer):
    """Every number that adds up; those that are read off the bot come from `BotState`."""

    def __init__(self) -> None:
        """Begin at zero, with every series that is known beforehand."""
        self.registry = CollectorRegistry(auto_describe=True)
        ProcessCollector(registry=self.registry)
        self._stages = Histogram(
            "fathom_stage_seconds", "Time in a stage", ["stage"], buckets=_STAGES, registry=self.registry
        )
        self._acknowledged = Histogram(
            "fathom_acknowledgement_seconds",
            "From an interaction's arrival to its acknowledgement",
            buckets=_ACKNOWLEDGED,
            registry=self.registry,
        )
        self._answers = Counter(
            "fathom_answers", "Questions, by what became of them", ["outcome", "level"], registry=self.registry
        )
        self._lag = Histogram(
            "fathom_loop_lag_seconds", "How much too late the event loop is", buckets=_LAG, registry=self.registry
        )
        self._rebuilds = Counter("fathom_rebuilds", "Rebuilds that ended", ["outcome"], registry=self.registry)
        self._rebuild_seconds = Histogram(
            "fathom_rebuild_seconds", "Time a rebuild took", buckets=_REBUILD, registry=self.registry
        )
        self._resumes = Counter("fathom_shard_resumes", "Sessions taken up again", ["shard"], registry=self.registry)
        self._disconnects = Counter("fathom_shard_disconnects", "Connections lost", ["shard"], registry=self.registry)
        self._errors = Counter(
            "fathom_log_problems",
            "Warnings and errors in the log, by the exception with them",
            ["severity", "kind"],
            registry=self.registry,
        )
        self._kinds: set[str] = set()
        for stage in Stage:
            self._stages.labels(stage.value)
        for result in Result:
            for level in Level:
                self._answers.labels(result.value, level.value)

    def add(self, collector: Collector) -> None:
        """Ask a collector too, whenever the numbers are asked for."""
        self.registry.register(collector)

    def stage(self, stage: Stage, seconds: float) -> None:
        """Note how long a stage took."""
        self._stages.labels(stage.value).observe(seconds)

    def answered(self, result: Result, level: Level) -> None:
        """Note what became of a question."""
        self._answers.labels(result.value, level.value).inc()

    def acknowledged(self, seconds: float) -> None:
        """Note how long after its arrival an interaction was acknowledged."""
        self._acknowledged.observe(seconds)

    def rebuilt(self, outcome: str, seconds: float) -> None:
        """Note a rebuild that ended, and how."""
        self._rebuilds.labels(outcome).inc()
        self._rebuild_seconds.observe(seconds)

    def resumed(self, shard: int) -> None:
        """Note that a shard took its session up again."""
        self._resumes.labels(str(shard)).inc()

    def disconnected(self, shard: int) -> None:
        """Note that a shard lost its connection."""
        self._disconnects.labels(str(shard)).inc()

    def lagged(self, seconds: float) -> None:
        """Note how much too late the event loop was."""
        self._lag.observe(seconds)

    def logged(self, record: logging.LogRecord) -> None:
        """Count a record of the log."""
        error = record.exc_info[1] if record.exc_info else None
        kind = type(error).__name__ if error is not None else "none"
        if kind not in self._kinds:
            kind = kind if len(self._kinds) < _MOST_KINDS else "other"
            self._kinds.add(kind)
        self._errors.labels("error" if record.levelno >= logging.ERROR else "warning", kind).inc()


class ProblemCount(logging.Handler):
    """Counts the warnings and errors that are logged."""

    def __init__(self, metrics: Metrics) -> None:
        """Count for these metrics."""
        super().__init__(logging.WARNING)
        self._metrics = metrics

    def emit(self, record: logging.LogRecord) -> None:
        """Count a record."""
        self._metrics.logged(record)
