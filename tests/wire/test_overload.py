"""More questions than can be answered: some are sent away at once, and none is left without a word at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.wire.conftest import Wire
from tests.wire.people import answer_to

pytestmark = pytest.mark.asyncio(loop_scope="session")
BUSY = "I am busy right now"


async def test_a_long_line_is_bounded_and_does_not_hold_up_the_end(new_wire: Callable[..., Awaitable[Wire]]) -> None:
    """Each answer takes two seconds in a thread; far more people ask than can be answered before the end."""
    wire = await new_wire()
    wire.bot.slow = 2.0
    config = wire.install.config
    config.write_text(config.read_text().replace("limits:", "limits:\n  longest_wait: 8"))
    await wire.bot.start()
    people = [wire.person() for _ in range(28)]
    warm = await asyncio.gather(*(person.slash("ask", question="what is kettle drift?") for person in people[:4]))
    for asked in warm:
        assert "Kettle Drift" in await answer_to(asked)
    line = [await person.slash("ask", question="what is kettle drift?") for person in people]
    written = await people[0].write("what is spoon bias?")
    await asyncio.gather(*(asked.acknowledged.wait() for asked in line))
    # The answers so far took two seconds each, so a line of eight has room for fewer than these.
    more = [await wire.person().slash("ask", question="what is cup collapse?") for _ in range(40)]
    first = {asyncio.create_task(answer_to(asked, seconds=60)) for asked in more}
    done, waiting = await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
    assert BUSY in done.pop().result(), "said at once, while others still wait"
    for task in waiting:
        task.cancel()
    code, seconds = await wire.bot.stop()

    assert code == 0, wire.bot.said()[-3000:]
    told = [asked.text for asked in (*line, *more)]
    assert [text for text in told if not any(word in text for word in (BUSY, "Kettle Drift", "Cup Collapse"))] == []
    assert BUSY in line[-1].text, "who still waited at the end is told as well"
    assert all(len(asked.answers) == 1 for asked in (*line, *more))
    assert len(wire.discord.world.replies[int(written["id"])]) == 1
    assert "did not end in time" not in wire.bot.said(), seconds
    assert "Traceback" not in wire.bot.said()


async def test_an_answer_that_never_ends_does_not_hold_up_the_end(new_wire: Callable[..., Awaitable[Wire]]) -> None:
    """A thread cannot be stopped, and Python waits for it; the process ends all the same."""
    wire = await new_wire()
    wire.bot.slow = 300.0
    await wire.bot.start()
    asked = await wire.person().slash("ask", question="what is kettle drift?")
    await asked.acknowledged.wait()
    code, _ = await wire.bot.stop()
    assert code == 0, wire.bot.said()[-3000:]
    assert "1 answers were not given in time" in wire.bot.said()
    assert "ending all the same" in wire.bot.said()
