"""A bot's process as a queue: so many answers at once share its processor, whoever comes then waits in line."""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.float64]
THREADS = 4
"""How many answers `bot.answer_service` works on at once."""


@dataclass(slots=True)
class _Jobs:
    """What is being worked on: each job is done once the work that every job got since reaches its mark."""

    each_got: float
    now: float
    marks: list[tuple[float, int]]


def open_queue(arrivals: Seconds, work: Seconds, cores: float, *, threads: int = THREADS) -> Seconds:
    """Return how long each of those who come at given times, in order, waits until it is answered.

    Args:
        arrivals: when they come, ascending.
        work: what each takes of one core.
        cores: how many cores the process can use at most; jobs share them evenly, none has more than one.
        threads: how many are worked on at once.
    """
    done = np.empty(len(arrivals))
    jobs = _Jobs(0.0, 0.0, [])
    line: deque[int] = deque()
    coming = 0
    while coming < len(arrivals) or jobs.marks:
        ends = _next_end(jobs, cores)
        if coming < len(arrivals) and arrivals[coming] <= ends:
            _go_on(jobs, float(arrivals[coming]), cores)
            line.append(coming)
            coming += 1
        else:
            _go_on(jobs, ends, cores)
            done[heapq.heappop(jobs.marks)[1]] = ends
        while line and len(jobs.marks) < threads:
            number = line.popleft()
            heapq.heappush(jobs.marks, (jobs.each_got + float(work[number]), number))
    return np.asarray(done - arrivals)


def closed_queue(askers: int, work: Seconds, cores: float, *, threads: int = THREADS) -> tuple[Seconds, float]:
    """Return how long each of those waits who ask again at once, and how many are answered a second."""
    jobs = _Jobs(0.0, 0.0, [])
    asked, waits = [0.0] * len(work), np.empty(len(work))
    line = deque(range(min(askers, len(work))))
    coming = len(line)
    while line or jobs.marks:
        while line and len(jobs.marks) < threads:
            number = line.popleft()
            heapq.heappush(jobs.marks, (jobs.each_got + float(work[number]), number))
        ends = _next_end(jobs, cores)
        _go_on(jobs, ends, cores)
        number = heapq.heappop(jobs.marks)[1]
        waits[number] = ends - asked[number]
        if coming < len(work):
            asked[coming] = ends
            line.append(coming)
            coming += 1
    return waits, len(work) / jobs.now


def _rate(jobs: _Jobs, cores: float) -> float:
    return min(1.0, cores / len(jobs.marks))


def _next_end(jobs: _Jobs, cores: float) -> float:
    if not jobs.marks:
        return float("inf")
    return jobs.now + (jobs.marks[0][0] - jobs.each_got) / _rate(jobs, cores)


def _go_on(jobs: _Jobs, until: float, cores: float) -> None:
    if jobs.marks:
        jobs.each_got += (until - jobs.now) * _rate(jobs, cores)
    jobs.now = until
