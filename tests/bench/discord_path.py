"""`python -m tests.bench.discord_path`: from a question in Discord to its acknowledgement and its answer.

The real bot, with the real model and the shipped library, against a Discord on this machine: asked now and then by
some people, first while nothing else happens, then while the library is rebuilt after one page changed. The bot's own
process writes down how late its event loop is.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import yaml

from tests.bench.serving.course import REPOSITORY
from tests.bench.serving.result import Spread, median_spread, percentile
from tests.wire.interactions import Interaction
from tests.wire.lag import lag_between
from tests.wire.load import questions, real_install, rebuild
from tests.wire.people import Person, answer_to
from tests.wire.process import BotProcess
from tests.wire.server import Loopback

IDLE, REBUILDING = "nothing else", "during a rebuild"
_PATIENCE = 60.0


@dataclass
class Phase:
    """Some time of asking: from when to when, and what was asked."""

    began: float = field(default_factory=time.monotonic)
    ended: float = 0.0
    asked: list[Interaction] = field(default_factory=list)


async def run(options: argparse.Namespace, root: Path) -> dict[str, object]:
    """Start the bot, ask in both phases as often as wanted, and return the figures."""
    lag = root / "lag.txt"
    os.environ["FATHOM_WIRE_LAG"] = str(lag)
    discord = Loopback(guilds=options.askers, heartbeat=10.0)
    await discord.start()
    home = discord.world.guilds[0]
    config, page = real_install(root)
    _copy_index(root / "state")
    settings = {**yaml.safe_load(config.read_text()), "discord": {"home_guilds": [home]}}
    settings["limits"] = {"per_member": 0, "per_channel": 0}
    config.write_text(yaml.safe_dump(settings))
    bot = BotProcess(discord, config, root / "bot.log", light=False)
    texts = questions(light=False)
    random.Random(0).shuffle(texts)
    supply = itertools.cycle(texts)
    phases: dict[str, list[Phase]] = {IDLE: [], REBUILDING: []}
    try:
        await bot.start(seconds=900.0)
        await answer_to(await Person(discord).slash("ask", question=next(supply)), _PATIENCE)
        for number in range(options.rounds):
            sys.stderr.write(f"round {number + 1} of {options.rounds}\n")
            end = time.monotonic() + options.seconds
            phases[IDLE].append(await _ask(discord, options, supply, lambda end=end: time.monotonic() > end))
            rebuilding = asyncio.create_task(rebuild(discord, home, page, 0))
            latest = time.monotonic() + options.longest
            phases[REBUILDING].append(
                await _ask(
                    discord,
                    options,
                    supply,
                    lambda rebuilding=rebuilding, latest=latest: rebuilding.done() or time.monotonic() > latest,
                )
            )
            if number + 1 == options.rounds and not rebuilding.done():
                rebuilding.cancel()  # nobody needs to see its end
            else:
                sys.stderr.write(f"{await rebuilding}\n")
        await asyncio.sleep(2)  # until what was sampled is written
        await bot.stop()
    finally:
        await bot.kill()
        await discord.stop()
    return {
        "phases": {name: _figures(found, lag) for name, found in phases.items()},
        "askers": options.askers,
        "load": os.getloadavg()[1],
        "when": datetime.now(UTC).isoformat(timespec="minutes"),
    }


def _copy_index(state: Path) -> None:
    """Start from the repository's own index, if it has one, as embedding the whole library takes minutes."""
    var = REPOSITORY / "var"
    if (var / "current").is_file():
        for name in ("current", "seal.key"):
            shutil.copy(var / name, state / name)
        shutil.copytree(var / "generations", state / "generations")


async def _ask(
    discord: Loopback, options: argparse.Namespace, supply: itertools.cycle[str], over: Callable[[], bool]
) -> Phase:
    """Let people ask, each waiting for an answer and thinking for a while, until it is over."""
    phase = Phase()

    async def live(guild: int) -> None:
        person, chance = Person(discord, guild=guild), random.Random(guild)
        while True:
            await asyncio.sleep(chance.expovariate(1 / options.think))
            if over():
                return
            asked = await person.slash("ask", question=next(supply))
            phase.asked.append(asked)
            await answer_to(asked, _PATIENCE)

    await asyncio.gather(*(live(guild) for guild in discord.world.guilds))
    phase.ended = time.monotonic()
    return phase


def _figures(phases: list[Phase], lag: Path) -> dict[str, Spread]:
    """Return medians over the rounds, in milliseconds."""
    acknowledged = [[1000 * (item.acknowledged_after or _PATIENCE) for item in phase.asked] for phase in phases]
    answered = [[1000 * (item.answered_after or _PATIENCE) for item in phase.asked] for phase in phases]
    late = [[1000 * item for item in lag_between(lag, phase.began, phase.ended)] for phase in phases]
    return {
        "questions": median_spread([float(len(phase.asked)) for phase in phases]),
        "seconds": median_spread([phase.ended - phase.began for phase in phases]),
        **{
            f"{name} p{share} ms": median_spread([percentile(values, share) for values in found])
            for name, found in (("acknowledged", acknowledged), ("answered", answered), ("loop late", late))
            for share in (50, 99)
        },
    }


def table(result: dict[str, object]) -> str:
    """Return the result as a Markdown table."""
    phases = result["phases"]
    assert isinstance(phases, dict)
    names = list(phases[IDLE])
    lines = [f"| | {' | '.join(names)} |", f"|---|{'---|' * len(names)}"]
    for phase, figures in phases.items():
        cells = (f"{item['median']:.3g} ({item['least']:.3g}-{item['most']:.3g})" for item in figures.values())
        lines.append(f"| {phase} | {' | '.join(cells)} |")
    return "\n".join([*lines, "", f"Load average at the end: {result['load']:.1f}.\n"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=30.0, help="of asking while nothing else happens, a round")
    parser.add_argument("--longest", type=float, default=600.0, help="seconds of asking during one rebuild")
    parser.add_argument("--askers", type=int, default=8)
    parser.add_argument("--think", type=float, default=1.5, help="seconds between an answer and the next question")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks/discord_path.json"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(run(options, Path(folder)))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(table(result))


if __name__ == "__main__":
    main()
