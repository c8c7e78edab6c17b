"""A long time in a large community: `python -m tests.wire.load --minutes 10`.

300 people in 50 servers over 3 shards use the bot; in the middle the library is rebuilt, every half minute a shard
loses its gateway, and two requests in a hundred fail. Says how everyone was served, and what the bot's process took.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import REPOSITORY
from tests.wire.crowd import Crowd, is_outstanding
from tests.wire.faults import two_percent
from tests.wire.gateway import Gateway
from tests.wire.install import Install
from tests.wire.people import Person, answer_to
from tests.wire.process import BotProcess
from tests.wire.server import Loopback

_SAMPLE_SECONDS = 10.0
_LAST_ANSWERS_SECONDS = 40.0
# The child process of a rebuild runs at low priority, and on a busy machine for minutes.
_REBUILD_SECONDS = 1200.0


def real_install(root: Path) -> tuple[Path, Path]:
    """Return the settings and a page of the shipped library with the real model, in a folder of its own."""
    shutil.copytree(REPOSITORY / "knowledge", root / "knowledge")
    (root / "state").mkdir()
    cache = REPOSITORY / "var" / "embeddings.sqlite"
    if cache.exists():
        shutil.copy(cache, root / "state" / "embeddings.sqlite")
    config = root / "config.yaml"
    config.write_text(yaml.safe_dump({"knowledge": {"path": "knowledge"}, "state": {"path": "state"}}))
    return config, root / "knowledge" / "en" / "corrigibility.md"


def questions(*, light: bool) -> list[str]:
    """Return what people ask: a third of it, or so, is nothing that the library covers."""
    if light:
        return ["what is kettle drift?", "spoon bias in depth", "explain cup collapse simply", "how do I bake bread?"]
    folder = REPOSITORY / "tests" / "eval"
    lines = itertools.chain.from_iterable(
        (folder / name).read_text(encoding="utf-8").splitlines() for name in ("in_scope.jsonl", "out_of_scope.jsonl")
    )
    return [json.loads(line)["question"] for line in lines]


async def run(options: argparse.Namespace, root: Path) -> dict[str, Any]:
    discord = Loopback(guilds=options.guilds, shards=options.shards, heartbeat=10.0)
    await discord.start()
    config, page = (Install(root / "install").config, None) if options.light else real_install(root)
    bot = BotProcess(discord, config, Path(options.log) if options.log else root / "bot.log", light=options.light)
    crowd = Crowd(discord, questions(light=options.light), options.think)
    crowd.gather(options.askers)
    # The bot's owner, who may rebuild anywhere, as the moderators of a home server may.
    home = discord.world.guilds[0]
    settings = yaml.safe_load(config.read_text())
    config.write_text(yaml.safe_dump({**settings, "discord": {"home_guilds": [home]}}))
    page = page or root / "install" / "knowledge" / "en" / "kettle-drift.md"
    try:
        await bot.start(seconds=900.0)
        # One answer first, so that what is loaded lazily is loaded.
        await answer_to(await Person(discord).slash("ask", question=crowd.questions[0]), 60)
        memory = [(0.0, bot.memory(), bot.descriptors())]
        discord.faults.active = two_percent() if options.fail else []
        started = asyncio.get_running_loop().time()
        until = started + options.minutes * 60
        lives = [asyncio.create_task(crowd.live(person, n, until)) for n, person in enumerate(crowd.people)]
        beside = [
            asyncio.create_task(_drop_now_and_then(discord.gateway, options.drop_every, until)),
            asyncio.create_task(_watch(bot, memory, started)),
        ]
        rebuilding = asyncio.create_task(rebuild(discord, home, page, options.minutes * 30))
        await asyncio.gather(*lives)
        said = await rebuilding
        beside[0].cancel()
        deadline = time.monotonic() + _LAST_ANSWERS_SECONDS
        while is_outstanding(crowd) and time.monotonic() < deadline:
            await asyncio.sleep(0.2)
        beside[1].cancel()
        memory.append((asyncio.get_running_loop().time() - started, bot.memory(), bot.descriptors()))
        discord.faults.clear()
        code, seconds = await bot.stop()
    finally:
        await bot.kill()
        await discord.stop()
    return {
        "command": f"python -m tests.wire.load {' '.join(sys.argv[1:])}",
        "model": "light" if options.light else "all-MiniLM-L6-v2 over the shipped library",
        "minutes": options.minutes,
        "people": options.askers,
        "servers": options.guilds,
        "shards": options.shards,
        "load_average": [round(value, 1) for value in os.getloadavg()],
        **crowd.counts(),
        "rebuild": said,
        "gateway": {"drops": _drops(discord.gateway), "replayed_events": discord.gateway.replayed},
        "requests": discord.record.count,
        "faults": discord.faults.happened,
        "rate_limits_hit": discord.limits.refused,
        "requests_unfit_for_discord": discord.record.problems(),
        "memory_mib": _memory(memory),
        "exit": {"code": code, "seconds": round(seconds, 1)},
        "failures": crowd.failures()[:20],
    }


async def rebuild(discord: Loopback, home: int, page: Path, after: float) -> str:
    """Change a page after some seconds, have the library rebuilt, and return the first line of what is said of it."""
    await asyncio.sleep(after)
    _change(page)
    asked = await Person(discord, guild=home, moderator=True).slash("reindex")
    ends = ("is being served", "was not rebuilt", "Something went wrong", "is being rebuilt already")
    deadline = time.monotonic() + _REBUILD_SECONDS
    while time.monotonic() < deadline and not any(end in asked.text for end in ends):
        await asyncio.sleep(0.2)
    return str(json.loads(asked.text or "{}").get("content", "")).split("\n")[0]


def _change(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("# Intermediate", "A paragraph that is new since this morning.\n\n# Intermediate", 1))


async def _drop_now_and_then(gateway: Gateway, every: float, until: float) -> None:
    """Take one shard's gateway away every so often, each time in another way."""
    ways: list[Callable[[int], Awaitable[None]]] = [
        gateway.drop,
        gateway.ask_to_reconnect,
        lambda shard: gateway.drop(shard, 4000),
        lambda shard: gateway.invalidate(shard, resumable=True),
    ]
    for number in itertools.count():
        await asyncio.sleep(every)
        if asyncio.get_running_loop().time() >= until:
            return
        await ways[number % len(ways)](number % gateway.shards)


async def _watch(bot: BotProcess, memory: list[tuple[float, float, int]], started: float) -> None:
    while True:
        await asyncio.sleep(_SAMPLE_SECONDS)
        memory.append((asyncio.get_running_loop().time() - started, bot.memory(), bot.descriptors()))


def _drops(gateway: Gateway) -> int:
    return sum(session.resumed for session in gateway.sessions.values())


def _memory(samples: list[tuple[float, float, int]]) -> dict[str, Any]:
    half = samples[len(samples) // 2]
    return {
        "start": round(samples[0][1]),
        "middle": round(half[1]),
        "end": round(samples[-1][1]),
        "peak": round(max(sample[1] for sample in samples)),
        "descriptors": {"start": samples[0][2], "end": samples[-1][2]},
        "samples": [round(sample[1]) for sample in samples],
    }


def table(result: dict[str, Any]) -> str:
    """Return the result as rows of a Markdown table."""
    rows = []
    for name, value in result.items():
        if name in {"failures", "command"} or value == []:
            continue
        shown = ", ".join(f"{key} {item}" for key, item in value.items()) if isinstance(value, dict) else value
        rows.append(f"| {name.replace('_', ' ')} | {shown} |")
    return "\n".join([f"`{result['command']}`", "", "| what | count |", "|---|---|", *rows, *result["failures"]])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--askers", type=int, default=300)
    parser.add_argument("--guilds", type=int, default=50)
    parser.add_argument("--shards", type=int, default=3)
    parser.add_argument("--think", type=float, default=20.0, help="seconds between the things that one person does")
    parser.add_argument("--drop-every", type=float, default=30.0)
    parser.add_argument("--no-faults", dest="fail", action="store_false")
    parser.add_argument("--light", action="store_true", help="a small library and no model")
    parser.add_argument("--out", type=Path, default=Path("var/load.json"))
    parser.add_argument("--log", help="where the bot's own log goes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(run(options, Path(folder)))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=2))
    sys.stdout.write(table(result) + "\n")
    served = ("not_acknowledged", "acknowledged_after_3_s", "answered_never", "answered_twice")
    return int(any(result[name] for name in (*served, "messages_answered_never", "messages_answered_twice")))


if __name__ == "__main__":
    sys.exit(main())
