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
    """Each answer takes a second in a thread; far more people ask than can be answered before the end."""
    wire = await new_wire()
    wire.bot.slow = 1.0
    await wire.bot.start()
    people = [wire.person() for _ in range(60)]
    warm = await asyncio.gather(*(person.slash("ask", question="what is kettle drift?") for person in people[:8]))
    for asked in warm:
        assert "Kettle Drift" in await answer_to(asked)
    line = [await person.slash("ask", question="what is kettle drift?") for person in people]
    written = await people[0].write("what is spoon bias?")
    await asyncio.gather(*(asked.acknowledged.wait() for asked in line))
    # The answers so far took a second each, so twenty seconds' line has room for fewer than these.
    more = [await wire.person().slash("ask", question="what is cup collapse?") for _ in range(150)]
    first = {asyncio.create_task(answer_to(asked, seconds=60)) for asked in more}
    done, waiting = await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
    assert BUSY in done.pop().result(), "said at once, while others still wait"
    assert not line[-1].answered.is_set()
    for task in waiting:
        task.cancel()
    code, seconds = await wire.bot.stop()

    assert code == 0, wire.bot.said()[-3000:]
    told = [asked.text for asked in (*line, *more)]
    assert all(BUSY in text or "Kettle Drift" in text or "Cup Collapse" in text for text in told), told
    assert BUSY in line[-1].text, "who still waited at the end is told as well"
    assert all(len(asked.answers) == 1 for asked in (*line, *more))
    assert len(wire.discord.world.replies[int(written["id"])]) == 1
    assert "did not end in time" not in wire.bot.said(), seconds
    assert "Traceback" not in wire.bot.said()
