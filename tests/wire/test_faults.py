"""A full disk, a folder that cannot be written, a database that is damaged, gone and back: answers go on.

What is a disk, and what can be written to it, is decided here by mounting, which only root may do.
"""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from index.generation_store import GenerationStore
from tests.wire.conftest import Wire
from tests.wire.people import Person, answer_to

pytestmark = pytest.mark.asyncio(loop_scope="session")
NewWire = Callable[..., Awaitable[Wire]]
NOT_WRITTEN = "could not write that down"


class Mounts:
    """File systems that a test made, taken away after it."""

    def __init__(self) -> None:
        self.places: list[Path] = []

    def add(self, *arguments: str | Path, on: Path) -> None:
        done = subprocess.run(["mount", *map(str, arguments), str(on)], check=False, capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"this user may not mount: {done.stderr.strip()}")
        self.places.append(on)

    def take_away(self, place: Path) -> None:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
        self.places.remove(place)


@pytest.fixture
def mounts() -> Iterator[Mounts]:
    made = Mounts()
    yield made
    for place in reversed(made.places.copy()):
        made.take_away(place)


async def asks(person: Person) -> str:
    return await answer_to(await person.slash("ask", question="what is kettle drift?"))


async def chooses(person: Person) -> str:
    return await answer_to(await person.slash("level", level="basic"))


async def remembers_again(person: Person) -> None:
    """Choose until it is remembered: the bot looks for its database every half second here."""
    until = time.monotonic() + 60
    while NOT_WRITTEN in await chooses(person):
        assert time.monotonic() < until, "the database is not used again"
        await asyncio.sleep(0.2)


async def fails_to_rebuild(wire: Wire) -> str:
    """Ask for a rebuild that cannot be; return what is said of it."""
    before = GenerationStore(wire.install.state).current_name()
    rebuild = await wire.person(moderator=True).slash("reindex")
    async with asyncio.timeout(90):
        while "not rebuilt" not in rebuild.text:
            await asyncio.sleep(0.1)
    assert GenerationStore(wire.install.state).current_name() == before
    return rebuild.text.replace("\\", "")


async def rebuilds(wire: Wire) -> None:
    """Ask for a rebuild, and wait until its generation serves."""
    before = GenerationStore(wire.install.state).current_name()
    rebuild = await wire.person(moderator=True).slash("reindex")
    async with asyncio.timeout(90):
        while GenerationStore(wire.install.state).current_name() == before or "Reading" in rebuild.text:
            assert "not rebuilt" not in rebuild.text, rebuild.text
            await asyncio.sleep(0.1)


async def test_a_folder_that_cannot_be_written_and_a_database_that_is_gone_for_a_while(
    new_wire: NewWire, mounts: Mounts
) -> None:
    wire = await new_wire()
    state, person = wire.install.state, wire.person()
    mounts.add("--bind", state, on=state)
    mounts.add("-o", "remount,ro,bind", on=state)
    mounts.places.pop()
    await wire.bot.start()
    wire.install.change_content(1)
    assert "the database cannot be used (OperationalError)" in wire.bot.said()
    assert "Kettle Drift" in await asks(person)
    assert NOT_WRITTEN in await chooses(person)
    assert "cannot be written to (Read-only file system)" in await fails_to_rebuild(wire)
    status = await answer_to(await wire.person(moderator=True).slash("status"))
    assert "nothing new is remembered" in status
    assert "answers go on" in status

    mounts.take_away(state)
    await remembers_again(person)
    assert "from now on I remember" in wire.bot.said()
    await rebuilds(wire)
    assert "Kettle Drift" in await asks(person)

    database, away = state / "fathom.sqlite", state.with_name("away")
    database.rename(away)
    assert "Kettle Drift" in await asks(person)
    assert NOT_WRITTEN in await chooses(person)
    assert not database.exists(), "an empty one was begun in its place"
    away.rename(database)
    await remembers_again(person)
    code, _ = await wire.bot.stop()
    assert code == 0
    assert "never retrieved" not in wire.bot.said()


async def test_a_damaged_database_and_a_disk_that_fills_up(new_wire: NewWire, mounts: Mounts, tmp_path: Path) -> None:
    root = tmp_path / "install0"
    root.mkdir()
    mounts.add("-t", "tmpfs", "-o", "size=24m", "none", on=root)
    wire = await new_wire()
    state, person = wire.install.state, wire.person()
    (state / "fathom.sqlite").write_bytes(b"this is no database" * 100)
    await wire.bot.start()
    assert "the database cannot be used (DatabaseError)" in wire.bot.said()
    assert "a damaged file can be moved away" in wire.bot.said()
    assert "Kettle Drift" in await asks(person)
    assert NOT_WRITTEN in await chooses(person)
    (state / "fathom.sqlite").rename(state / "damaged")
    await remembers_again(person)

    wire.install.change_content(2)
    fill = root / "fill"
    with fill.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(b"x" * 4096)
        except OSError as error:
            assert error.errno == 28  # noqa: PT017  # it is how the disk says that it is full
    assert "Kettle Drift" in await asks(person)
    assert NOT_WRITTEN in await chooses(person)
    assert "No space left on device" in await fails_to_rebuild(wire)
    assert "Kettle Drift" in await asks(person)

    fill.unlink()
    await remembers_again(person)
    await rebuilds(wire)
    assert "Kettle Drift" in await asks(person)
    code, _ = await wire.bot.stop()
    assert code == 0
