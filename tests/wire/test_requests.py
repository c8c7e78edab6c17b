"""Whatever happens to a request, the bot goes on, and nobody is answered twice."""

from __future__ import annotations

import asyncio

import pytest

from tests.wire.conftest import Wire
from tests.wire.faults import Trouble
from tests.wire.people import answer_to, buttons

pytestmark = pytest.mark.asyncio(loop_scope="session")

# What is worth another try.
PASSING = [
    pytest.param(Trouble.STATUS, {"status": 500}, id="500"),
    pytest.param(Trouble.STATUS, {"status": 502}, id="502"),
    pytest.param(Trouble.STATUS, {"status": 503}, id="503"),
    pytest.param(Trouble.RATE_LIMIT, {"seconds": 0.3}, id="429"),
    pytest.param(Trouble.SLOW, {"seconds": 0.5}, id="slow"),
    pytest.param(Trouble.LOST, {}, id="lost"),
    pytest.param(Trouble.CUT, {}, id="cut"),
    pytest.param(Trouble.TORN, {}, id="torn"),
]


@pytest.mark.parametrize(("trouble", "options"), PASSING)
async def test_an_interaction_is_acknowledged_in_time_and_answered_once(
    wire: Wire, trouble: Trouble, options: dict[str, object]
) -> None:
    person = wire.person()
    for path in ("/callback$", "/messages/@original$"):
        wire.discord.faults.add(trouble, path, **options)
        asked = await person.slash("ask", question="what is kettle drift?")
        assert "Kettle Drift" in await answer_to(asked)
        assert asked.acknowledged_after is not None
        assert len(asked.answers) == 1
    wire.discord.faults.add(trouble, "/callback$", **options)
    pressed = await person.press(asked.message, "Deeper")
    assert "Advanced" in await answer_to(pressed)
    assert len(pressed.answers) == 1
    assert all(fault.times == 0 for fault in wire.discord.faults.active)


@pytest.mark.parametrize(("trouble", "options"), PASSING)
async def test_a_message_is_replied_to_once(wire: Wire, trouble: Trouble, options: dict[str, object]) -> None:
    wire.discord.faults.add(trouble, "^/channels/", method="POST", **options)
    guild = wire.discord.world.guilds[1]
    person = wire.person(guild=guild)
    # A channel of its own, so that the limit of five messages in five seconds is not what is tested here.
    channel = wire.discord.world.new_channel(guild)
    await wire.discord.gateway.dispatch("CHANNEL_CREATE", channel.payload(), guild=guild)
    message = await person.mention("what is kettle drift?", channel=channel)
    assert "Kettle Drift" in str(await person.reply_to(message))
    await answer_to(await person.slash("ask", question="what is cup collapse?"))
    assert len(wire.discord.world.replies[int(message["id"])]) == 1
    assert wire.discord.faults.active[0].times == 0


async def test_rate_limits_of_a_channel_are_kept(wire: Wire) -> None:
    """Eight questions at once in one channel that takes five messages in five seconds."""
    refused = wire.discord.limits.refused
    person = wire.person(guild=wire.discord.world.guilds[2])
    messages = [await person.mention(f"what is kettle drift? {number}") for number in range(8)]
    for message in messages:
        assert "Kettle Drift" in str(await person.reply_to(message, 30))
    assert wire.discord.limits.refused - refused <= 1


@pytest.mark.parametrize("code", [10003, 10008, 10015, 10062, 50027])
async def test_what_is_gone_is_gone_and_nobody_is_bothered(wire: Wire, code: int) -> None:
    status = 401 if code == 50027 else 404
    fault = wire.discord.faults.add(Trouble.STATUS, "/messages/@original$", status=status, code=code)
    person = wire.person()
    asked = await person.slash("ask", question="what is kettle drift?")
    async with asyncio.timeout(15):
        while fault.times:
            await asyncio.sleep(0.02)
    assert "Cup Collapse" in await answer_to(await person.slash("ask", question="what is cup collapse?"))
    assert asked.answers == []


async def test_an_answer_that_cannot_be_delivered_is_apologised_for(wire: Wire) -> None:
    wire.discord.faults.add(Trouble.STATUS, "/messages/@original$", status=400, code=50035)
    person = wire.person()
    assert "Something went wrong here" in await answer_to(await person.slash("ask", question="what is kettle drift?"))
    asked = await person.slash("ask", question="what is kettle drift?")
    await answer_to(asked)
    wire.discord.faults.add(Trouble.STATUS, "/messages/@original$", status=400, code=50035)
    assert "Something went wrong here" in await answer_to(await person.press(asked.message, "Deeper"))


async def test_a_late_interaction_is_let_go(wire: Wire) -> None:
    """One that reaches the bot after its three seconds cannot be acknowledged any more."""
    person = wire.person()
    wire.discord.gateway.sessions[0].connection.muted = True  # type: ignore[union-attr]
    late = await person.slash("ask", question="what is kettle drift?")
    late.created -= 10
    await wire.discord.gateway.drop(0)
    await wire.discord.gateway.until_connected()
    assert "Cup Collapse" in await answer_to(await person.slash("ask", question="what is cup collapse?"))
    assert late.late >= 1
    assert late.answers == []


async def test_a_firewall_in_front_of_discord(wire: Wire) -> None:
    wire.discord.faults.add(Trouble.BAN, "", times=1)
    person = wire.person()
    await person.slash("ask", question="what is kettle drift?")
    await asyncio.sleep(0.3)
    assert "Cup Collapse" in await answer_to(await person.slash("ask", question="what is cup collapse?"))


async def test_channels_and_messages_that_are_gone(wire: Wire) -> None:
    person = wire.person()
    guild = person.guild
    for state in ("deleted", "forbidden"):
        channel = wire.discord.world.new_channel(guild)
        await wire.discord.gateway.dispatch("CHANNEL_CREATE", channel.payload(), guild=guild)
        setattr(channel, state, True)
        refused = await person.mention("what is kettle drift?", channel=channel)
        await answer_to(await person.slash("ask", question="what is cup collapse?"))
        assert wire.discord.world.replies[int(refused["id"])] == []
    channel = wire.discord.world.new_channel(guild)
    await wire.discord.gateway.dispatch("CHANNEL_CREATE", channel.payload(), guild=guild)
    message = wire.discord.world.add_message(channel, person.user, {"content": "<@900000000000000001> kettle drift?"})
    message["mentions"] = [wire.discord.world.me]
    del channel.messages[int(message["id"])]
    await person.deliver(message, channel)
    async with asyncio.timeout(15):
        while not channel.messages:
            await asyncio.sleep(0.02)
    assert "Kettle Drift" in str(list(channel.messages.values()))


async def test_many_at_once(wire: Wire) -> None:
    people = [wire.person(guild=guild) for guild in wire.discord.world.guilds for _ in range(20)]
    asked = [await person.slash("ask", question="what is kettle drift?") for person in people]
    for interaction in asked:
        await answer_to(interaction, 30)
    assert all(len(interaction.answers) == 1 and interaction.refused == 0 for interaction in asked)
    pressed = [
        await person.press(interaction.message, "Sources") for person, interaction in zip(people, asked, strict=True)
    ]
    for interaction in pressed:
        await answer_to(interaction, 30)
    shown = next(iter(buttons(pressed[0].message or {})))
    assert shown["label"] == "Back to the answer"
