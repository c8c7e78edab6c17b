"""No token in the log, whatever goes wrong: neither the bot's, nor that of an interaction."""

from __future__ import annotations

import pytest

from tests.wire.conftest import Wire
from tests.wire.faults import Trouble
from tests.wire.server import TOKEN

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_no_token_is_ever_logged(wire: Wire) -> None:
    person = wire.person()
    tokens = []
    for status in (400, 401, 404, 500):
        wire.discord.faults.add(Trouble.STATUS, "/messages/@original$", status=status, times=None)
        asked = await person.slash("ask", question="what is kettle drift?")
        await asked.acknowledged.wait()
        await (await person.slash("help")).acknowledged.wait()
        wire.discord.faults.clear()
        tokens.append(asked.token)
    said = wire.bot.said()
    assert "an interaction failed" in said
    assert TOKEN not in said
    assert [token for token in tokens if token in said] == []
