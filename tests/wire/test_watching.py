"""A bot whose operator watches it: metrics, health, readiness and a log of JSON lines."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.wire.conftest import Wire
from tests.wire.people import answer_to
from tests.wire.server import TOKEN

pytestmark = pytest.mark.asyncio(loop_scope="session")
# Words that stand nowhere else.
ASKED = "what is kettle drift to my grandmother Wilhelmina Quartz?"
WRITTEN = "does spoon bias bother my neighbour Bartholomew Xylander?"
FAILING = "will kettle drift explode in the face of Peregrine Yardley?"
NAMES = ("Wilhelmina", "Quartz", "grandmother", "Bartholomew", "Xylander", "Peregrine", "Yardley", "explode in")


class Watcher:
    """Reads what a bot says about itself."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.wire.bot.said().splitlines()]

    async def url(self) -> str:
        async with asyncio.timeout(60):
            while not (found := re.search(r"watching at (http://127\.0\.0\.1:\d+)", self.wire.bot.said())):
                await asyncio.sleep(0.02)
        return found[1]

    async def get(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.get(await self.url() + path) as response:
            return response.status, await response.text()

    async def samples(self) -> dict[str, float]:
        """Return each series' value, by name and labels."""
        status, text = await self.get("/metrics")
        assert status == 200
        return {
            f"{sample.name}{json.dumps(sample.labels, sort_keys=True) if sample.labels else ''}": sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


async def test_what_an_operator_sees(new_wire: Callable[..., Awaitable[Wire]]) -> None:
    wire = await new_wire(shards=2, max_concurrency=2)
    config = wire.install.config
    config.write_text(config.read_text() + "watching: {port: 0}\nlogs: {format: json}\n")
    watcher = Watcher(wire)
    await wire.bot.start(connected=False)
    assert await watcher.get("/healthz") == (200, "ok\n")
    await wire.discord.gateway.until_connected(60)
    async with asyncio.timeout(30):
        while (await watcher.get("/readyz"))[0] != 200:
            await asyncio.sleep(0.05)

    person, moderator = wire.person(), wire.person(moderator=True)
    asked = await person.slash("ask", question=ASKED, level="basic")
    assert "Kettle Drift" in await answer_to(asked)
    await person.reply_to(await person.write(WRITTEN))
    assert "Something went wrong" in await answer_to(await person.slash("ask", question=FAILING, level="advanced"))
    assert asked.message is not None
    await answer_to(await person.press(asked.message, "Deeper"))
    wire.install.change_content(1)
    await answer_to(await moderator.slash("reindex"))
    await wire.discord.gateway.drop(1)

    async with asyncio.timeout(60):
        while True:
            seen = await watcher.samples()
            back = seen.get('fathom_shard_resumes_total{"shard": "1"}') and seen["fathom_ready"]
            if back and seen.get('fathom_rebuilds_total{"outcome": "swapped"}'):
                break
            await asyncio.sleep(0.05)
    assert seen['fathom_answers_total{"level": "basic", "outcome": "answered"}'] == 1
    assert seen['fathom_answers_total{"level": "advanced", "outcome": "failed"}'] == 1
    assert seen['fathom_answers_total{"level": "intermediate", "outcome": "answered"}'] == 2
    assert seen['fathom_log_problems_total{"kind": "ValueError", "severity": "error"}'] == 1
    assert seen["fathom_acknowledgement_seconds_count"] >= 4
    for stage in ("queue", "encode", "search", "answer", "whole"):
        assert seen[f'fathom_stage_seconds_count{{"stage": "{stage}"}}'] >= 3, stage
    assert seen["fathom_queue_waiting"] == seen["fathom_queue_working"] == 0
    assert seen['fathom_generation_items{"kind": "concepts"}'] == 3
    assert seen["fathom_generation_age_seconds"] >= 0
    assert seen['fathom_shard_connected{"shard": "0"}'] == seen['fathom_shard_connected{"shard": "1"}'] == 1
    assert seen["fathom_loop_lag_seconds_count"] > 0
    assert seen["fathom_servers"] == len(wire.discord.world.guilds)
    assert any(name.startswith("fathom_generation_info") for name in seen)

    _, numbers = await watcher.get("/metrics")
    code, _ = await wire.bot.stop()
    assert code == 0
    ids = [str(person.user["id"]), str(moderator.user["id"]), *map(str, wire.discord.world.guilds)]
    for private in (*NAMES, *ids):
        assert private not in numbers

    said = wire.bot.said()
    for private in (*NAMES, TOKEN, asked.token):
        assert private not in said
    check_lines(watcher.lines())


def check_lines(lines: list[dict[str, Any]]) -> None:
    assert all({"time", "level", "logger", "message"} <= set(line) for line in lines)
    (failure,) = [line for line in lines if "exception" in line]
    assert (failure["level"], failure["exception"]["type"]) == ("error", "ValueError")
    assert "encode_query" in failure["exception"]["traceback"]
    assert "cannot encode" in failure["exception"]["message"]
    assert any("generation" in line for line in lines)


async def test_a_port_that_is_taken_ends_the_start_with_a_line_that_says_so(
    new_wire: Callable[..., Awaitable[Wire]],
) -> None:
    wire = await new_wire()
    taken = wire.discord.url.rpartition(":")[2]
    config = wire.install.config
    config.write_text(config.read_text() + f"watching: {{port: {taken}}}\nlogs: {{format: json}}\n")
    await wire.bot.start(connected=False)
    assert wire.bot.process is not None
    async with asyncio.timeout(60):
        assert await wire.bot.process.wait() == 1
    last = Watcher(wire).lines()[-1]
    assert last["level"] == "critical"
    assert f"watching.port: 127.0.0.1:{taken} cannot be listened on" in last["message"]
