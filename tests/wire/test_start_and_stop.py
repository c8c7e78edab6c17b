"""Starting and stopping: as fast as Discord allows, and without losing what is in flight."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable

import pytest

from index.generation_store import GenerationStore
from tests.wire.conftest import Wire
from tests.wire.faults import Trouble
from tests.wire.people import answer_to

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_three_shards_under_load_asked_to_stop(new_wire: Callable[..., Awaitable[Wire]]) -> None:
    """Two shards may identify at once; the third shares the first one's turn, five seconds later.

    Then every answer takes a second to deliver, questions go on coming, a rebuild is under way, and SIGTERM comes.
    """
    wire = await new_wire(shards=3, max_concurrency=2)
    world, gateway = wire.discord.world, wire.discord.gateway
    await wire.bot.start()
    first, second, third = (at for at, _ in gateway.identified)
    assert [shard for _, shard in gateway.identified] == [0, 1, 2]
    assert second - first < 5 <= third - first
    assert gateway.too_fast == 0

    people = [wire.person(guild=guild) for guild in world.guilds for _ in range(15)]
    await gateway.drop(2)
    await asyncio.sleep(0.1)
    for person in (people[0], people[20], people[40]):
        assert "Kettle Drift" in await answer_to(await person.slash("ask", question="what is kettle drift?"))

    before = GenerationStore(wire.install.state).current_name()
    wire.install.change_content(1)
    wire.discord.faults.add(Trouble.SLOW, "/messages/@original$", seconds=1.0, times=None)
    wire.discord.faults.add(Trouble.SLOW, "^/channels/.*/messages$", method="POST", seconds=1.0, times=None)
    commands = [await person.slash("ask", question="what is kettle drift?") for person in people]
    chosen = [await person.slash("level", level="basic") for person in people]
    messages = [await people[0].write("what is spoon bias?"), await people[-1].mention("what is spoon bias?")]
    rebuild = await wire.person(moderator=True).slash("reindex")
    await asyncio.gather(*(item.acknowledged.wait() for item in [*commands, *chosen, rebuild]))
    stopping = asyncio.create_task(wire.bot.stop())
    missed = 0
    for _ in range(20):
        after = await people[1].slash("ask", question="what is cup collapse?")
        await asyncio.sleep(0.05)
        missed += not after.acknowledged.is_set()
        commands += [after] if after.acknowledged.is_set() else []
    code, _ = await stopping

    assert code == 0, wire.bot.said()[-3000:]
    assert missed > 0  # intake did stop
    assert all(len(item.answers) == 1 for item in [*commands, *chosen])
    assert [len(world.replies[int(message["id"])]) for message in messages] == [1, 1]
    # The rebuild ended before or was given up; either way it says so, and a good generation serves.
    assert "Reading the library" not in rebuild.text
    assert "Embedding" not in rebuild.text
    store = GenerationStore(wire.install.state)
    assert store.open_best() is not None
    if "I am being restarted" in rebuild.text:
        assert store.current_name() == before
    assert "Task was destroyed" not in wire.bot.said()
    assert "Traceback" not in wire.bot.said()


async def test_a_restart_is_noticed_only_by_its_silence(new_wire: Callable[..., Awaitable[Wire]]) -> None:
    """Buttons and choices hold across a restart, though its session starts within Discord's five seconds.

    The first start could not publish the commands, so the second does. At the end nothing can be delivered and
    the gateway says nothing: what hangs is given up in time, and Ctrl+C is as good as SIGTERM.
    """
    wire = await new_wire()
    world = wire.discord.world
    wire.discord.faults.add(Trouble.STATUS, "/commands$", status=400)
    await wire.bot.start()
    person = wire.person()
    assert "Kettle Drift" in str(await person.reply_to(await person.write("what is kettle drift?")))
    assert "could not be published" in wire.bot.said()
    asked = await person.write("what is kettle drift?")
    await person.reply_to(asked)
    code, _ = await wire.bot.stop()
    assert (code, world.command_writes) == (0, 0)
    wire.discord.gateway.rejections = 1
    await wire.bot.start()
    assert (wire.discord.gateway.too_fast, world.command_writes) == (1, 1)
    shown = world.replies[int(asked["id"])][0]
    assert "Advanced" in await answer_to(await person.press(shown, "Deeper"))

    wire.discord.faults.add(Trouble.SLOW, "/messages/@original$", seconds=20.0, times=None)
    hanging = await person.slash("ask", question="what is kettle drift?")
    await hanging.acknowledged.wait()
    wire.discord.gateway.mute(0)
    code, _ = await wire.bot.stop(number=signal.SIGINT)
    assert code == 0, wire.bot.said()[-3000:]
    assert "1 answers were not given in time" in wire.bot.said()


async def test_starts_that_cannot_succeed_say_why(new_wire: Callable[..., Awaitable[Wire]]) -> None:
    """One Discord is away; another has no session starts left, whose end is waited for, and then refuses.

    The third bot is asked to stop before it has connected.
    """
    away, refusing, stopped = await new_wire(), await new_wire(), await new_wire()
    stopped.discord.faults.add(Trouble.SLOW, "/users/@me$", seconds=20.0)
    await away.discord.stop()
    refusing.discord.gateway.session_starts_left = 0
    refusing.discord.gateway.refuse_with = 4014
    for wire in (away, refusing, stopped):
        await wire.bot.start(connected=False)
    async with asyncio.timeout(60):
        while "alembic" not in stopped.bot.said():
            await asyncio.sleep(0.02)
    code, _ = await stopped.bot.stop()
    assert code == 0
    async with asyncio.timeout(60):
        codes = [await wire.bot.process.wait() for wire in (away, refusing) if wire.bot.process]
    assert codes == [1, 1]
    assert "error: Discord cannot be reached" in away.bot.said()
    # Starting sessions beyond the day's number would have Discord reset the token.
    assert "Discord allows 0 more session starts" in refusing.bot.said()
    assert "error: Discord refuses the connection" in refusing.bot.said()
    assert refusing.discord.gateway.session_starts_left == 1000
