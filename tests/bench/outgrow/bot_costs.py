"""What the bot costs beside its library: the real process against the loopback Discord, with a light model.

Memory a server and a shard, and processor time of a question from the gateway's event to the answer, which with the
light model and three pages is nearly all discord.py, rendering, requests and the database.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.wire import payloads
from tests.wire.ids import new_id
from tests.wire.install import Install
from tests.wire.people import Person, answer_to
from tests.wire.process import BotProcess
from tests.wire.server import Loopback

# Channels of a server; real ones have from a handful to five hundred.
CHANNELS = 30
GUILDS = (10, 500, 1_500)
SHARDS = (1, 9)
ASKED, MESSAGES = 300, 3_000


def bot_costs() -> dict[str, Any]:
    """Return memory by servers and by shards, and what a question and somebody's message take."""
    return asyncio.run(_all())


async def _all() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        install = Install(Path(name) / "install")
        by_guilds = [await _idle(install, guilds, 1) for guilds in GUILDS]
        by_shards = [await _idle(install, GUILDS[0], shards) for shards in SHARDS]
        asked = await _asked(install)
    most, least = by_guilds[-1], by_guilds[0]
    return {
        "channels a server": CHANNELS,
        "MiB by servers": dict(zip(map(str, GUILDS), by_guilds, strict=True)),
        "MiB by shards": dict(zip(map(str, SHARDS), by_shards, strict=True)),
        "KiB a server": round(1024 * (most["MiB"] - least["MiB"]) / (GUILDS[-1] - GUILDS[0]), 1),
        "MiB a shard": round((by_shards[-1]["MiB"] - by_shards[0]["MiB"]) / (SHARDS[-1] - SHARDS[0]), 2),
        "MiB without a server": least["MiB"],
        **asked,
    }


async def _started(install: Install, guilds: int, shards: int) -> tuple[Loopback, BotProcess]:
    discord = Loopback(guilds=guilds, shards=shards)
    for guild in discord.world.guilds:
        for _ in range(CHANNELS - 1):
            discord.world.new_channel(guild)
    await discord.start()
    # This Discord is a new one: it does not have the commands of the last.
    (install.state / "commands.sha256").unlink(missing_ok=True)
    bot = BotProcess(discord, install.config, install.root / f"{guilds}-{shards}.log")
    await bot.start(seconds=300)
    while not discord.world.commands:
        await asyncio.sleep(0.1)
    return discord, bot


async def _idle(install: Install, guilds: int, shards: int) -> dict[str, float]:
    """Return what the bot holds once all servers have arrived, and when that was."""
    began = time.monotonic()
    discord, bot = await _started(install, guilds, shards)
    seconds = time.monotonic() - began
    try:
        await answer_to(await Person(discord).slash("ask", question="what is kettle drift?"), 60)
        await asyncio.sleep(2)
        return {"MiB": round(bot.memory(), 1), "seconds to start": round(seconds, 1)}
    finally:
        await bot.kill()
        await discord.stop()


async def _asked(install: Install) -> dict[str, Any]:
    discord, bot = await _started(install, GUILDS[0], 1)
    try:
        person = Person(discord)
        for _ in range(20):
            await answer_to(await person.slash("ask", question="what is kettle drift?"), 60)
        before, acknowledged = _processor(bot), []
        for number in range(ASKED):
            asked = await person.slash("ask", question=f"what is kettle drift number {number}?")
            await answer_to(asked, 60)
            acknowledged.append(1000 * float(asked.acknowledged_after or 0))
        await asyncio.sleep(1)  # what is noted after the answer
        of_questions = 1000 * (_processor(bot) - before) / ASKED
        before = _processor(bot)
        channel = person.channel
        for _ in range(MESSAGES):
            body = {"content": ""}  # what a bot without the message content intent sees of others' messages
            message = payloads.message(new_id(), channel.id, person.user, body)
            sent = {**message, "guild_id": str(channel.guild), "member": payloads.member(person.user)}
            await discord.gateway.dispatch("MESSAGE_CREATE", sent, guild=channel.guild)
        # Answered only once all before it were read.
        await answer_to(await person.slash("ask", question="what is kettle drift?"), 120)
        of_messages = 1000 * (_processor(bot) - before) / MESSAGES
        quantiles = statistics.quantiles(acknowledged, n=100)
        return {
            "processor ms a question, without the search": round(of_questions, 2),
            "processor ms a message of others": round(of_messages, 3),
            "acknowledged ms p50": round(quantiles[49], 1),
            "acknowledged ms p99": round(quantiles[98], 1),
        }
    finally:
        await bot.kill()
        await discord.stop()


def _processor(bot: BotProcess) -> float:
    """Return the seconds of processor that the bot's process has taken."""
    assert bot.process is not None
    fields = Path(f"/proc/{bot.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    import json

    sys.stdout.write(json.dumps(bot_costs(), indent=1) + "\n")
