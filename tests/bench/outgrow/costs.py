"""What the simulation reckons with: measured figures by their sources, and assumptions by name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.bench.figures import RESULTS

MEASURED = RESULTS / "outgrow.json"
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Costs:
    """Measured unit costs of one process.

    Attributes:
        answer_ms: processor time of an answer over the shipped library, one at a time.
        around_ms: processor time of all around it: discord.py, rendering, requests, database.
        message_ms: processor time of a message that somebody else wrote.
        at_once: how many times the answers of one asker a process gives to many, on two cores.
        spread: the time of single answers in shares of their mean, from which services are drawn.
        base_mib: memory of a process with all of the bot, the model and the shipped library.
        server_kib: memory of a server.
        shard_mib: memory of a shard.
        passage_kib: memory of a passage beside its vector.
        passage_us: processor microseconds of a question for each passage beside its vector.
        shipped: passages of the shipped library, which `answer_ms` and `base_mib` hold already.
        acknowledged_ms: p50 and p99 until an interaction is acknowledged, nothing else waiting.
    """

    answer_ms: float
    around_ms: float
    message_ms: float
    at_once: float
    spread: tuple[float, ...]
    base_mib: float
    server_kib: float
    shard_mib: float
    passage_kib: float
    passage_us: float
    shipped: int
    acknowledged_ms: tuple[float, float]

    @classmethod
    def read(cls, *, sentences: bool = False) -> Costs:
        """Return what `python -m tests.bench.outgrow --measure` wrote.

        Args:
            sentences: whether sentences are compared, as in a library that does not list how people ask.
        """
        kind = " with sentences" if sentences else ""
        found = json.loads(MEASURED.read_text(encoding="utf-8"))["measured"]
        answers, bot, library = found["answers"], found["bot"], found["library"]
        return cls(
            answer_ms=answers["processor ms"],
            around_ms=bot["processor ms a question, without the search"],
            message_ms=bot["processor ms a message of others"],
            at_once=answers["times the answers of one asker"],
            spread=tuple(answers["spread"]),
            base_mib=answers["memory MiB"],
            server_kib=bot["KiB a server"],
            shard_mib=max(0.0, bot["MiB a shard"]),
            passage_kib=library["per passage"][f"memory KiB{kind}"],
            passage_us=library["per passage"][f"processor microseconds a question{kind}"]
            - library["per passage"]["of it to compare vectors"],
            shipped=answers["passages"],
            acknowledged_ms=(bot["acknowledged ms p50"], bot["acknowledged ms p99"]),
        )


@dataclass(frozen=True, slots=True)
class Vectors:
    """What vectors cost at a size: processor time of the bot's process, waiting, memory, and where that is from."""

    processor_ms: float
    waiting_ms: float
    mib: float
    source: str


def vectors_in_process(passages: int) -> Vectors:
    """Return what FAISS costs: measured up to a million, beyond that in proportion, as lists no longer multiply."""
    rows = [row for row in _growth() if row["noise"] in {None, 0.5}]
    sizes = [row["passages"] for row in rows]
    last = rows[-1]
    if passages >= sizes[-1]:
        times = passages / sizes[-1]
        milliseconds = last["similarities processor p50 ms"]["median"] * times
        return Vectors(milliseconds, 0.0, last["file MiB"] * times, "in proportion" if times > 1 else "measured")
    after = next(number for number, size in enumerate(sizes) if size >= passages)
    row, before = rows[after], rows[max(0, after - 1)]
    share = 0.0 if row is before else (passages - before["passages"]) / (row["passages"] - before["passages"])

    def between(one: float, other: float) -> float:
        return one + share * (other - one)

    milliseconds = between(
        before["similarities processor p50 ms"]["median"], row["similarities processor p50 ms"]["median"]
    )
    return Vectors(milliseconds, 0.0, between(before["file MiB"], row["file MiB"]), "measured")


@dataclass(frozen=True, slots=True)
class Assumed:
    """What nobody has measured: people, and servers on other machines.

    Attributes:
        questions_a_day: of one server, on average; most servers ask less and some far more.
        busy_hour: the share of a day's questions in its busiest hour.
        burst: how many times the busy hour's rate comes in a burst, as when somebody famous mentions the bot.
        burst_seconds: how long that lasts.
        presses: buttons, menus and commands for each question; nine in ten need no search.
        messages_a_day: of others, of one server.
        postgresql_ms: a statement, there and back, on the same network.
        milvus_ms: a search for 2,000 neighbours on a cluster that is sized for its vectors.
        milvus_client_ms: what the bot's process does for such a search (this one is measured, on Milvus Lite).
        milvus_bytes: memory of the cluster for a vector of 384 numbers with an HNSW graph.
    """

    questions_a_day: float = 20.0
    busy_hour: float = 0.12
    burst: float = 10.0
    burst_seconds: float = 60.0
    presses: float = 1.5
    messages_a_day: float = 1_000.0
    postgresql_ms: float = 2.0
    milvus_ms: float = 30.0
    milvus_client_ms: float = 7.4
    milvus_bytes: float = 384 * 4 + 2 * 32 * 4


def vectors_in_milvus(passages: int, assumed: Assumed) -> Vectors:
    """Return what Milvus costs: in the bot's process measured, on the network assumed, its own memory reckoned."""
    mib = passages * assumed.milvus_bytes / 2**20
    return Vectors(assumed.milvus_client_ms, assumed.milvus_ms, mib, "client measured, server assumed")


def _growth() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((RESULTS / "growth.json").read_text(encoding="utf-8"))["rows"]
    return sorted(found, key=lambda row: row["passages"])
