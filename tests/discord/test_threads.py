from __future__ import annotations

from typing import Any

import discord

from bot.answer import Question
from bot.storage.server_settings import ServerSettings
from bot.views.answer_rows import Shown
from bot.views.answer_view import answer_view
from index.levels import Level
from tests.discord.conftest import World, labels, texts


def mention(world: World) -> str:
    assert world.bot.user is not None
    return f"<@{world.bot.user.id}>"


async def ask(world: World) -> Any:
    return (await world.member.slash(world.channel, "ask", question="what is corrigibility")).response


async def test_a_button_opens_a_thread_in_which_the_conversation_goes_on(world: World) -> None:
    answer = await ask(world)
    await world.restart()
    opened = await world.member.click(answer, label="Open a thread")
    assert opened.ephemeral
    (thread,) = world.channel.threads
    assert thread.name == "what is corrigibility"
    assert str(thread.id) in texts(opened.response)
    welcome = thread.last_message
    assert "Go on here" in texts(welcome)

    await world.member.send(thread, f"{mention(world)} can you give an example?")
    assert "## Corrigibility" in texts(thread.last_message), "it follows the answer that the thread hangs from"
    assert "Open a thread" not in labels(thread.last_message)
    await world.moderator.send(thread, "I do not think so")
    await world.moderator.send(thread, f"{mention(world)} what is Goodhart's law?")
    goodhart = thread.last_message
    assert "Goodhart" in texts(goodhart)
    await world.member.send(thread, "why?", reply_to=goodhart)
    assert "You asked: why?" in texts(thread.last_message)
    assert "## Goodhart" in texts(thread.last_message), "the last topic of the thread, whoever asked"

    again = await world.member.click(answer, label="Open a thread")
    assert "There is a thread already" in texts(again.response)


async def test_where_no_thread_can_be_opened_a_kind_message_says_so(world: World) -> None:
    answer = await ask(world)
    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=403)
    refused = await world.member.click(answer, label="Open a thread")
    assert "A moderator can allow it" in texts(refused.response)
    assert world.channel.threads == []

    quiet = world.guild.create_text_channel(
        "quiet", overwrites={world.guild.default_role: discord.PermissionOverwrite(create_public_threads=False)}
    )
    answer = (await world.member.slash(quiet, "ask", question="what is corrigibility")).response
    refused = await world.member.click(answer, label="Open a thread")
    assert "may not open threads" in texts(refused.response)
    assert quiet.threads == []

    await world.member.send_dm("what is corrigibility?")
    private = world.member.user.dm_channel
    assert "Open a thread" not in labels(private.last_message)
    # A button that came there all the same, such as from an older version.
    found = await world.bot.services.answers.show("corrigibility", Question("", Level.BASIC))
    assert found is not None
    user = await world.bot.fetch_user(world.member.id)
    sent = await user.send(view=answer_view(found, world.member.id, Shown(thread=True)))
    refused = await world.member.user.click(sent, label="Open a thread")
    assert "Threads are for text channels of servers" in texts(refused.response)


async def test_follow_ups_get_a_thread_of_their_own_where_moderators_say_so(world: World) -> None:
    await world.bot.services.stores.servers.put(world.guild.id, ServerSettings(threads=True))
    await world.member.send(world.channel, f"{mention(world)} what is corrigibility?")
    answer = world.channel.last_message
    assert "## Corrigibility" in texts(answer), "a first question is answered where it was asked"
    asked = await world.member.send(world.channel, f"{mention(world)} why does corrigibility matter?", reply_to=answer)
    (thread,) = world.channel.threads
    assert thread.id == asked.id
    assert "## Corrigibility" in texts(thread.last_message)
    await world.member.send(thread, f"{mention(world)} give me an example")
    assert "## Corrigibility" in texts(thread.last_message)

    world.env.inject_error("POST", "/channels/*/messages/*/threads", status=403)
    await world.member.send(world.channel, f"{mention(world)} why?", reply_to=answer)
    replied = world.channel.last_message
    assert replied is not None
    assert replied.reference is not None, "without the right to open threads it is answered in the channel"
    assert "## Corrigibility" in texts(replied)
