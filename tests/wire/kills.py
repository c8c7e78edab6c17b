"""`kill -9` at random moments of the running bot: `python -m tests.wire.kills --kills 200`.

People choose levels and a moderator rebuilds the library, without a pause; then the bot is killed and started
again, and must know every choice that it had confirmed, and serve a whole generation no older than before.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from index.generation import GenerationError
from index.generation_store import GenerationStore
from tests.wire.install import Install
from tests.wire.people import Person, answer_to
from tests.wire.process import BotProcess
from tests.wire.server import Loopback

_LEVELS = ("basic", "intermediate", "advanced")
_PEOPLE = 8
_AT_WORK_SECONDS, _STARTING_SECONDS = 1.2, 3.0
# Long enough for a rebuild to come to its swap, now and then.
_LONGER_SECONDS, _SHARE_LONGER = 6.0, 0.3
_SHARE_KILLED_WHILE_STARTING = 0.15


@dataclass
class Tally:
    """What was done, and what was lost."""

    kills: int = 0
    killed_while_starting: int = 0
    confirmed: int = 0
    unconfirmed: int = 0
    rebuilds_begun: int = 0
    rebuilds_cut_short: int = 0
    generations: int = 0
    command_writes: int = 0
    seconds: float = 0.0
    lost: list[str] = field(default_factory=list)


@dataclass
class _Member:
    """Someone, the level that the bot last confirmed, and the one that it was killed over, if any."""

    person: Person
    confirmed: str = "intermediate"
    pending: str | None = None

    async def choose_for_ever(self, chance: random.Random, tally: Tally) -> None:
        while True:
            self.pending = chance.choice(_LEVELS)
            chosen = await self.person.slash("level", level=self.pending)
            if "From now on you get" in await answer_to(chosen):
                self.confirmed, self.pending = self.pending, None
                tally.confirmed += 1

    async def check(self, tally: Tally) -> None:
        text = await answer_to(await self.person.slash("level"))
        shown = next(level for level in _LEVELS if f"**{level.title()}**:" in text.split("\\n")[0])
        possible = {self.confirmed, self.pending} - {None}
        if shown not in possible:
            tally.lost.append(f"after kill {tally.kills}: a choice of {possible} came back as {shown}")
        tally.unconfirmed += self.pending is not None
        self.confirmed, self.pending = shown, None


async def kill_again_and_again(root: Path, kills: int, seed: int = 11) -> Tally:
    """Kill the bot a number of times; return what was lost, which should be nothing."""
    chance, tally, started = random.Random(seed), Tally(), time.monotonic()
    discord = Loopback(heartbeat=5.0)
    discord.gateway.identify_seconds = 0.0
    await discord.start()
    install = Install(root / "install", home=(discord.world.guilds[0],), pages=12)
    store = GenerationStore(install.state)
    bot = BotProcess(discord, install.config, root / "bot.log")
    moderator = Person(discord, moderator=True)
    members = [_Member(Person(discord)) for _ in range(_PEOPLE)]
    newest = store.current_name() or ""
    try:
        await bot.start()
        while tally.kills < kills:
            work = [asyncio.create_task(member.choose_for_ever(chance, tally)) for member in members]
            install.change_content(tally.kills)
            rebuild = await moderator.slash("reindex")
            tally.rebuilds_begun += 1
            longer = chance.random() < _SHARE_LONGER
            await asyncio.sleep(chance.uniform(0, _LONGER_SECONDS if longer else _AT_WORK_SECONDS))
            await bot.kill()
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            tally.kills += 1
            tally.rebuilds_cut_short += "is being served" not in rebuild.text
            newest = _check_generation(store, newest, tally)
            if chance.random() < _SHARE_KILLED_WHILE_STARTING and tally.kills < kills:
                discord.gateway.sessions.clear()
                await bot.start(connected=False)
                await asyncio.sleep(chance.uniform(0, _STARTING_SECONDS))
                await bot.kill()
                tally.kills += 1
                tally.killed_while_starting += 1
                newest = _check_generation(store, newest, tally)
            discord.gateway.sessions.clear()
            await bot.start()
            await asyncio.gather(*(member.check(tally) for member in members))
            if "Kettle" not in await answer_to(await moderator.slash("ask", question="what is kettle drift?")):
                tally.lost.append(f"after kill {tally.kills}: no answer")
        await bot.stop()
    finally:
        await bot.kill()
        await discord.stop()
    tally.lost += discord.record.problems()
    tally.generations = len(store.names())
    tally.command_writes = discord.world.command_writes
    tally.seconds = round(time.monotonic() - started, 1)
    return tally


def _check_generation(store: GenerationStore, newest: str, tally: Tally) -> str:
    """Check that what serves is whole and no older than before; return its name."""
    name = store.current_name()
    if name is None or name < newest:
        tally.lost.append(f"after kill {tally.kills}: {name} serves after {newest}")
        return newest
    try:
        store.open(name)
    except GenerationError as error:
        tally.lost.append(f"after kill {tally.kills}: {error}")
    return name


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = asyncio.run(kill_again_and_again(Path(folder), options.kills, options.seed))
    sys.stdout.write(json.dumps(asdict(tally), indent=2) + "\n")
    return 1 if tally.lost else 0


if __name__ == "__main__":
    sys.exit(main())
