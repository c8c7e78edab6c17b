from __future__ import annotations

import pytest

from bot.config import LimitSettings, Settings
from tests.discord.conftest import World, labels, texts


@pytest.fixture
def settings(settings: Settings) -> Settings:
    limits = LimitSettings(per_member=2, per_channel=3, presses_per_member=2, at_once=1)
    return settings.model_copy(update={"limits": limits})


WAIT = "That was a lot in a short time"


async def test_a_member_who_asks_too_much_waits_and_nobody_else_does(world: World) -> None:
    for _ in range(2):
        asked = await world.member.slash(world.channel, "ask", question="what is corrigibility?")
        assert "## Corrigibility" in texts(asked.response)
    third = await world.member.slash(world.channel, "ask", question="what is corrigibility?")
    assert third.acknowledged
    assert third.ephemeral
    assert f"{WAIT}, and others want answers too. Please go on in 30 seconds" in texts(third.response)
    assert (await world.member.slash(world.channel, "help")).ephemeral, "help is never refused"
    assert "not chosen a level" in texts((await world.member.slash(world.channel, "level")).response)
    other = await world.moderator.slash(world.channel, "ask", question="what is corrigibility?")
    assert "## Corrigibility" in texts(other.response)

    await world.member.send_dm("what is RLHF?")
    assert WAIT in texts(world.member.user.dm_channel.last_message), "the limit is the member's, wherever they ask"
    await world.env.advance_time(31)
    await world.member.send_dm("what is RLHF?")
    assert "Reinforcement Learning" in texts(world.member.user.dm_channel.last_message)


async def test_mentions_too_many_get_one_kind_word_then_silence(world: World) -> None:
    me = world.bot.user
    assert me is not None
    before = len(world.channel.history())
    for _ in range(5):
        await world.member.send(world.channel, f"<@{me.id}> what is RLHF?")
    answers = [texts(message) for message in world.channel.history()[before:] if message.author.id == me.id]
    assert ["Reinforcement" in answer for answer in answers] == [True, True, False]
    assert WAIT in answers[2]
    assert world.channel.history()[-1].mentions == [me], "the last word is the member's"
    await world.env.advance_time(61)
    for _ in range(2):
        await world.member.send(world.channel, f"<@{me.id}> what is RLHF?")
        assert "Reinforcement" in texts(world.channel.last_message)
    world.env.inject_error("POST", "/channels/*/messages", status=403)
    await world.member.send(world.channel, f"<@{me.id}> what is RLHF?")
    assert world.env.errors == [], "where the kind word may not be said, nothing breaks"


async def test_a_channel_has_a_limit_of_its_own(world: World) -> None:
    people = [world.guild.add_member(world.env.create_user(f"reader{number}")) for number in range(4)]
    said = [texts((await one.slash(world.channel, "ask", question="RLHF?")).response) for one in people]
    assert ["Many questions are coming in here" in answer for answer in said] == [False] * 3 + [True]
    elsewhere = world.guild.create_text_channel("elsewhere")
    asked = await people[3].slash(elsewhere, "ask", question="what is RLHF?")
    assert "Reinforcement" in texts(asked.response)


async def test_lists_have_the_limit_of_buttons(world: World) -> None:
    listed = await world.member.slash(world.channel, "topics")
    choices = ["goals", "corrigibility", "corrigibility"]
    said = [texts((await world.member.select(listed.response, [choice])).response) for choice in choices]
    assert [WAIT in text for text in said] == [False, False, True]
    path = await world.moderator.slash(world.channel, "path", topic="corrigibility")
    step = labels(path.response)[0]
    said = [texts((await world.moderator.click(path.response, label=step)).response) for _ in range(3)]
    assert [WAIT in text for text in said] == [False, False, True]


async def test_buttons_have_a_limit_and_completion_has_none(world: World) -> None:
    asked = await world.member.slash(world.channel, "ask", question="what is corrigibility?", level="basic")
    for label in ("Deeper", "Deeper"):
        await world.member.click(asked.response, label=label)
    assert "-# Advanced" in texts(world.channel.last_message)
    pressed = await world.member.click(asked.response, label="Simpler")
    assert pressed.acknowledged
    assert WAIT in texts(pressed.response)
    assert "-# Advanced" in texts(world.channel.last_message)
    for _ in range(5):
        assert await world.member.autocomplete(world.channel, "topics", "topic", "corrig")
