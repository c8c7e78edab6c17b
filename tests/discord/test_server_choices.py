from __future__ import annotations

from bot.storage.server_settings import ServerSettings
from index.levels import Level
from tests.discord.conftest import World, labels, texts


async def choose(world: World, **choices: object) -> None:
    settings = ServerSettings.model_validate(choices)
    await world.bot.services.stores.servers.put(world.guild.id, settings)


async def test_the_servers_level_is_the_default_and_the_members_own_wins(world: World) -> None:
    await choose(world, default_level=Level.BASIC)
    asked = await world.member.slash(world.channel, "ask", question="what is corrigibility")
    assert "-# Basic" in texts(asked.response)
    shown = await world.member.slash(world.channel, "level")
    assert "not chosen a level yet, so you get **Basic**" in texts(shown.response)
    await world.member.slash(world.channel, "level", level="advanced")
    asked = await world.member.slash(world.channel, "ask", question="what is corrigibility")
    assert "-# Advanced" in texts(asked.response)
    why = await world.moderator.slash(world.channel, "ask", question="what is corrigibility")
    assert "-# Basic" in texts(why.response)
    reasons = await world.moderator.slash(world.channel, "why")
    assert "it is this server's default" in texts(reasons.response)
    # What holds in a server does not hold in direct messages.
    await world.moderator.send_dm("what is corrigibility")
    assert "-# Intermediate" in texts(world.moderator.user.dm_channel.last_message)


async def test_elsewhere_than_in_its_channels_it_answers_privately_and_ignores_mentions(world: World) -> None:
    other = world.guild.create_text_channel("other")
    await choose(world, channels=[world.channel.id])
    me = world.bot.user
    assert me is not None

    asked = await world.member.slash(other, "ask", question="what is corrigibility")
    assert asked.ephemeral
    said = texts(asked.response)
    assert "## Corrigibility" in said
    assert f"https://discord.com/channels/{world.guild.id}/{world.channel.id}" in said
    assert "Open a thread" not in labels(asked.response)
    await world.member.send(other, f"<@{me.id}> what is corrigibility")
    assert [message for message in other.history(viewer=world.moderator) if message.author.id == me.id] == []

    asked = await world.member.slash(world.channel, "ask", question="what is corrigibility")
    assert not asked.ephemeral
    await world.member.click(asked.response, label="Open a thread")
    (thread,) = world.channel.threads
    await world.member.send(thread, f"<@{me.id}> give me an example")
    assert "## Corrigibility" in texts(thread.last_message), "a thread is where its channel is"


async def test_private_answers_and_silent_mentions(world: World) -> None:
    await choose(world, private_answers=True, answer_mentions=False)
    me = world.bot.user
    assert me is not None
    asked = await world.member.slash(world.channel, "ask", question="what is corrigibility")
    assert asked.ephemeral
    assert "Only you see this" not in texts(asked.response)
    pressed = await world.member.click(asked.response, label="Deeper")
    assert "-# Advanced" in texts(asked.response)
    assert "Open a thread" not in labels(asked.response)
    assert pressed.acknowledged
    await world.member.send(world.channel, f"<@{me.id}> what is corrigibility")
    assert [message for message in world.channel.history(viewer=world.moderator) if message.author.id == me.id] == []
    await world.member.send_dm("what is corrigibility")
    assert "## Corrigibility" in texts(world.member.user.dm_channel.last_message)
