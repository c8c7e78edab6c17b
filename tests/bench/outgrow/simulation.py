"""The busiest hour of a bot of so many servers and passages, by processes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tests.bench.outgrow.costs import Assumed, Costs, Vectors, vectors_in_milvus, vectors_in_process
from tests.bench.outgrow.queue import closed_queue, open_queue

HOUR, DAY = 3600.0, 86_400.0
SERVERS_A_SHARD = 1_000
MOST_PROCESSES = 256
# What counts as good enough: answers of the busy hour, the burst included.
GOOD_P99 = 3.0


@dataclass(frozen=True, slots=True)
class Load:
    """What comes in the busiest hour.

    Attributes:
        questions: a second, on average outside the burst.
        seconds: p50 and p99 of the time to an answer, the burst included.
        burst_p99: the same of those who ask in the burst.
        busy: the share of what its processes can do that is used outside the burst.
    """

    questions: float
    seconds: tuple[float, float]
    burst_p99: float
    busy: float


def work_ms(passages: int, costs: Costs, vectors: Vectors, assumed: Assumed, shipped: Vectors) -> tuple[float, float]:
    """Return what a question takes of the processor, search and all around it, and what it waits for others."""
    beside = costs.passage_us * max(0, passages - costs.shipped) / 1000
    search = costs.answer_ms - shipped.processor_ms + vectors.processor_ms + beside
    return search + costs.around_ms, vectors.waiting_ms + 2 * assumed.postgresql_ms


def busy_hour(
    servers: int, processes: int, costs: Costs, assumed: Assumed, passages: int, vectors: Vectors, *, seed: int = 0
) -> Load:
    """Return how one of equal processes does; servers are spread evenly over them."""
    random = np.random.default_rng(seed)
    mine = servers / processes
    rate = mine * assumed.questions_a_day * assumed.busy_hour / HOUR
    cores = costs.at_once - mine * assumed.messages_a_day * assumed.busy_hour / HOUR * costs.message_ms / 1000
    each, waiting = work_ms(passages, costs, vectors, assumed, vectors_in_process(costs.shipped))
    calm, press = _times(random, rate * (1 + assumed.presses), HOUR), 1 / (1 + assumed.presses)
    more = rate * (1 + assumed.presses) * (assumed.burst - 1)
    burst = HOUR / 2 + _times(random, more, assumed.burst_seconds)
    arrivals = np.sort(np.concatenate([calm, burst]))
    asks = random.random(len(arrivals)) < press + (1 - press) / 10  # one press in ten needs a search too
    spread = np.array(costs.spread)[random.integers(0, len(costs.spread), len(arrivals))]
    work = np.where(asks, costs.around_ms + (each - costs.around_ms) * spread, costs.around_ms) / 1000
    if cores <= 0.05:  # reading other people's messages alone is too much
        return Load(rate, (math.inf, math.inf), math.inf, math.inf)
    seconds = open_queue(arrivals, work, cores)[asks] + waiting / 1000
    at = arrivals[asks]
    within = seconds[(at >= HOUR / 2) & (at < HOUR / 2 + assumed.burst_seconds)]
    mean = float(work.mean()) if len(work) else 0.0
    return Load(
        rate,
        tuple(np.quantile(seconds, [0.5, 0.99])) if len(seconds) else (0.0, 0.0),
        float(np.quantile(within, 0.99)) if len(within) else 0.0,
        rate * (1 + assumed.presses) * mean / cores,
    )


def processes_needed(servers: int, costs: Costs, assumed: Assumed, passages: int, vectors: Vectors) -> int | None:
    """Return the fewest processes of two cores each whose p99 is good enough, burst included; None for too many."""
    alone = sum(work_ms(passages, costs, vectors, assumed, vectors_in_process(costs.shipped))) / 1000
    if alone > GOOD_P99:
        return None  # more processes shorten no answer
    processes = 1
    while processes <= MOST_PROCESSES:
        if busy_hour(servers, processes, costs, assumed, passages, vectors).burst_p99 <= GOOD_P99:
            return processes
        processes += 1 if processes < 8 else processes // 4  # beyond a few, in steps of a quarter
    return None


def memory_mib(servers: int, processes: int, passages: int, costs: Costs, vectors: Vectors | None) -> float:
    """Return what one process holds; its vectors too unless they are None."""
    shards = math.ceil(servers / SERVERS_A_SHARD / processes)
    library = costs.passage_kib * max(0, passages - costs.shipped) / 1024
    held = vectors.mib - vectors_in_process(costs.shipped).mib if vectors else 0.0
    mine = servers / processes
    return costs.base_mib + mine * costs.server_kib / 1024 + shards * costs.shard_mib + library + max(0.0, held)


def place(passages: int, assumed: Assumed, *, milvus: bool) -> Vectors:
    """Return what vectors cost where they are kept."""
    return vectors_in_milvus(passages, assumed) if milvus else vectors_in_process(passages)


def crowd(askers: int, mean_ms: float, costs: Costs, *, answers: int = 4_000) -> tuple[float, float]:
    """Return the answers a second and the p99 in milliseconds of so many who ask without a pause."""
    random = np.random.default_rng(0)
    spread = np.array(costs.spread)[random.integers(0, len(costs.spread), answers)]
    waits, rate = closed_queue(askers, mean_ms * spread / 1000, costs.at_once)
    return rate, 1000 * float(np.quantile(waits[askers:], 0.99))


def _times(random: np.random.Generator, rate: float, seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.asarray(random.uniform(0, seconds, random.poisson(rate * seconds)))
