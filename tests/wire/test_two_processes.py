"""One bot in two processes, each with a shard, over one PostgreSQL database and one state folder."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from index.generation_store import GenerationStore
from tests.support.postgres import PASSWORD, PostgresServer
from tests.wire.conftest import DEAD_AFTER, HEARTBEAT
from tests.wire.install import Install
from tests.wire.interactions import Interaction
from tests.wire.people import Person, answer_to
from tests.wire.process import BotProcess
from tests.wire.server import Loopback

pytestmark = pytest.mark.asyncio(loop_scope="session")
_BUSY, _SERVED = "being rebuilt already", "The new library is being served"


@dataclass
class Pair:
    """A Discord of two shards, and the two processes that hold them."""

    discord: Loopback
    install: Install
    bots: tuple[BotProcess, BotProcess]

    def person(self, shard: int, *, moderator: bool = False) -> Person:
        guild = next(item for item in self.discord.world.guilds if self.discord.gateway.shard_of(item) == shard)
        return Person(self.discord, guild=guild, moderator=moderator)


@pytest_asyncio.fixture(loop_scope="session")
async def pair(tmp_path: Path, postgres: PostgresServer) -> AsyncIterator[Pair]:
    discord = Loopback(heartbeat=HEARTBEAT, shards=2)
    await discord.start()
    install = Install(tmp_path / "install", home=tuple(discord.world.guilds))
    shutil.rmtree(install.state)
    environment = {"FATHOM_DATABASE_URL": await postgres.new_database()}
    first, second = (
        BotProcess(
            discord,
            install.config,
            tmp_path / f"bot{shard}.log",
            heartbeat_timeout=DEAD_AFTER,
            arguments=("--shards", f"{shard}-{shard}/2"),
            environment=environment,
        )
        for shard in (0, 1)
    )
    yield Pair(discord, install, (first, second))
    for bot in (first, second):
        await bot.kill()
        assert PASSWORD not in bot.said()
    await discord.stop()
    assert discord.record.problems() == []


async def test_two_processes_are_one_bot(pair: Pair, postgres: PostgresServer) -> None:
    """They start at the same moment, on a new database and without an index.

    They take turns where Discord and the library want it, and share what members chose and what is served.
    """
    world, gateway = pair.discord.world, pair.discord.gateway
    await asyncio.gather(*(bot.start(connected=False) for bot in pair.bots))
    await gateway.until_connected(90)
    assert sorted(shard for _, shard in gateway.identified) == [0, 1]
    assert gateway.too_fast == 0
    assert world.command_writes == 1
    assert len(GenerationStore(pair.install.state).names()) == 1

    here, there = pair.person(0), pair.person(1)
    there.user = here.user
    assert "From now on you get **Basic**" in await answer_to(await here.slash("level", level="basic"))
    assert "You chose **Basic**" in await answer_to(await there.slash("level"))

    # Two moderators at once: one rebuilds, the other is told so, and both processes serve what comes of it.
    pair.install.change_content(1)
    asked = [await pair.person(shard, moderator=True).slash("reindex") for shard in (0, 1)]
    said = await asyncio.gather(*(outcome(item) for item in asked))
    assert sorted(_BUSY in text for text in said) == [False, True], said
    assert sum(_SERVED in text for text in said) == 1, said
    for person in (here, there):
        await until_answered(person, "Edition 1 of the kettle")

    # Without the database both go on answering; with it, everything is known again.
    postgres.stop()
    try:
        for person in (here, there):
            assert "Cup Collapse" in await answer_to(await person.slash("ask", question="what is cup collapse?"))
    finally:
        postgres.start()
    assert "You chose **Basic**" in await answer_to(await there.slash("level"))

    # A process that dies in the middle of a rebuild keeps the turn from nobody.
    pair.install.change_content(2)
    await pair.person(0, moderator=True).slash("reindex")
    await asyncio.sleep(0.3)
    await pair.bots[0].kill()
    texts = [await outcome(await pair.person(1, moderator=True).slash("reindex"))]
    while _BUSY in texts[-1] and len(texts) < 20:
        await asyncio.sleep(0.2)
        texts.append(await outcome(await pair.person(1, moderator=True).slash("reindex")))
    assert _SERVED in texts[-1], texts
    code, _ = await pair.bots[1].stop()
    assert code == 0
    for bot in pair.bots:
        assert "Traceback" not in bot.said(), bot.said()[-3000:]


async def outcome(interaction: Interaction, seconds: float = 40.0) -> str:
    """Wait until a rebuild is over or refused, and return what was said."""
    await answer_to(interaction)
    async with asyncio.timeout(seconds):
        while not any(words in interaction.text for words in (_BUSY, _SERVED, "Nothing has changed", "not rebuilt")):
            await asyncio.sleep(0.05)
    return interaction.text


async def until_answered(person: Person, words: str, seconds: float = 25.0) -> None:
    """Ask until the answer is of a library with these words."""
    async with asyncio.timeout(seconds):
        while words not in await answer_to(await person.slash("ask", question="what is cup collapse?")):
            await asyncio.sleep(0.1)
