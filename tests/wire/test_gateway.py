"""Whatever the gateway does, the bot comes back and answers; what it missed meanwhile it answers late, and once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.wire.conftest import Wire
from tests.wire.gateway import Gateway
from tests.wire.interactions import Interaction, Kind
from tests.wire.people import answer_to
from tests.wire.server import Loopback

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def vanish(gateway: Gateway) -> None:
    await gateway.drop(0)


async def close_4000(gateway: Gateway) -> None:
    await gateway.drop(0, 4000)


async def close_1000(gateway: Gateway) -> None:
    await gateway.drop(0, 1000)


async def opcode_7(gateway: Gateway) -> None:
    await gateway.ask_to_reconnect(0)


async def opcode_9_resumable(gateway: Gateway) -> None:
    await gateway.invalidate(0, resumable=True)


async def become_a_zombie(gateway: Gateway) -> None:
    gateway.mute(0)


async def is_back(discord: Loopback, before: object) -> None:
    """Wait until the shard has another connection."""
    async with asyncio.timeout(30):
        while True:
            session = discord.gateway.sessions.get(0)
            if session and session.connection not in {None, before} and discord.gateway.is_connected(0):
                return
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    "event", [vanish, close_4000, close_1000, opcode_7, opcode_9_resumable, become_a_zombie], ids=lambda it: it.__name__
)
async def test_it_resumes_and_answers_what_it_missed(wire: Wire, event: Callable[[Gateway], Awaitable[None]]) -> None:
    person = wire.person()
    for _ in range(3):
        session = wire.discord.gateway.sessions[0]
        before, resumed, beats = session.connection, session.resumed, wire.discord.gateway.heartbeats
        await event(wire.discord.gateway)
        missed = await person.slash("ask", question="what is kettle drift?")
        written = await person.mention("what is spoon bias?")
        await is_back(wire.discord, before)
        # On a machine that is short of time the new connection may break as well; then discord.py begins anew.
        if wire.discord.gateway.sessions[0] is session:
            break
    assert wire.discord.gateway.sessions[0] is session
    assert session.resumed > resumed
    assert wire.discord.gateway.heartbeats > beats
    if event is not become_a_zombie:  # where a dead peer is noticed after more than the three seconds
        assert "Kettle Drift" in await answer_to(missed)
        assert len(missed.answers) == 1
    assert "Spoon Bias" in str(await person.reply_to(written))
    assert len(wire.discord.world.replies[int(written["id"])]) == 1
    assert "Cup Collapse" in await answer_to(await person.slash("ask", question="what is cup collapse?"))


async def test_a_session_that_is_over_is_begun_anew(wire: Wire) -> None:
    before = wire.discord.gateway.sessions[0]
    await wire.discord.gateway.invalidate(0, resumable=False)
    await is_back(wire.discord, before.connection)
    assert wire.discord.gateway.sessions[0] is not before
    assert wire.discord.gateway.too_fast == 0
    assert "Kettle Drift" in await answer_to(await wire.person().slash("ask", question="what is kettle drift?"))


async def test_what_is_delivered_twice_is_answered_once(wire: Wire) -> None:
    person = wire.person()
    interaction = Interaction(Kind.COMMAND, "ask", person.user, person.channel)
    data = person._command("ask", {"question": "what is kettle drift?"})  # noqa: SLF001
    await person.send(interaction, data)
    await person.send(interaction, data)
    message = await person.mention("what is spoon bias?")
    await person.deliver(message, person.channel)
    await answer_to(interaction)
    await person.reply_to(message)
    # A third question behind them: once that is answered, the copies have had their turn.
    await answer_to(await person.slash("ask", question="what is cup collapse?"))
    assert (len(interaction.answers), interaction.refused) == (1, 0)
    assert len(wire.discord.world.replies[int(message["id"])]) == 1


@pytest.mark.parametrize(
    ("event", "data"),
    [
        ("INTERACTION_CREATE", {"id": "1", "type": 2}),
        ("INTERACTION_CREATE", {"id": "2", "type": 99, "token": "x", "version": 1}),
        ("INTERACTION_CREATE", None),
        ("MESSAGE_CREATE", {"id": "3", "channel_id": "4"}),
        ("GUILD_CREATE", {}),
        ("SOMETHING_NEW", {"of": ["a", "shape"]}),
    ],
)
async def test_an_event_of_an_unknown_shape_does_not_end_the_bot(wire: Wire, event: str, data: object) -> None:
    await wire.discord.gateway.dispatch(event, data, guild=wire.discord.world.guilds[0])
    assert "Kettle Drift" in await answer_to(await wire.person().slash("ask", question="what is kettle drift?"))
