"""A loopback Discord with the real bot in it, shared by the tests that leave it as they found it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.wire.install import Install
from tests.wire.people import Person
from tests.wire.process import BotProcess
from tests.wire.server import Loopback

# A shard waits up to five seconds, unheard, for its turn to identify: only beyond that is it dead.
HEARTBEAT, DEAD_AFTER = 0.5, 7.0


@dataclass
class Wire:
    """A Discord, an installation of the bot, and its process."""

    discord: Loopback
    install: Install
    bot: BotProcess

    def person(self, **options: Any) -> Person:
        return Person(self.discord, **options)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_wire(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Wire]:
    discord = Loopback(heartbeat=HEARTBEAT)
    await discord.start()
    root = tmp_path_factory.mktemp("wire")
    install = Install(root, home=(discord.world.guilds[0],))
    bot = BotProcess(discord, install.config, root / "bot.log", heartbeat_timeout=DEAD_AFTER)
    try:
        await bot.start()
        yield Wire(discord, install, bot)
    finally:
        await bot.kill()
        await discord.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def wire(shared_wire: Wire) -> AsyncIterator[Wire]:
    """The shared bot; afterwards it must still run, and every request must have been fit for Discord."""
    yield shared_wire
    shared_wire.discord.faults.clear()
    assert shared_wire.bot.running, shared_wire.bot.said()[-3000:]
    assert shared_wire.discord.record.problems() == []


@pytest_asyncio.fixture(loop_scope="session")
async def new_wire(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Make a Discord and a bot of one's own; the bot is not started yet."""
    made: list[Wire] = []

    async def make(**options: Any) -> Wire:
        discord = Loopback(**{"heartbeat": HEARTBEAT, **options})
        await discord.start()
        install = Install(tmp_path / f"install{len(made)}", home=(discord.world.guilds[0],))
        bot = BotProcess(discord, install.config, install.root / "bot.log", heartbeat_timeout=DEAD_AFTER)
        made.append(Wire(discord, install, bot))
        return made[-1]

    yield make
    for wire in made:
        await wire.bot.kill()
        await wire.discord.stop()
        assert wire.discord.record.problems() == []
