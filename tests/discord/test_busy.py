"""More questions than can be answered: everyone is told at once, and a minute later all is as before."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.config import Settings
from tests.discord.conftest import World, labels, texts

ASK_AGAIN = "I am busy right now, as many people are asking. Please ask again in a minute."
PRESS_AGAIN = "I am busy right now, as many people are asking. Please press again in a minute."


@pytest.fixture
def settings(settings: Settings) -> Settings:
    limits = settings.limits.model_copy(update={"longest_wait": 0.001})
    return settings.model_copy(update={"limits": limits})


@contextmanager
def crowd(world: World) -> Iterator[None]:
    """Keep every thread busy and one question waiting."""
    queue, go_on = world.bot.services.answers.queue, threading.Event()
    # From a thread of its own, as the simulation would wait for what it sees begin.
    coming = threading.Thread(target=lambda: [queue.submit(lambda: go_on.wait(60)) for _ in range(5)])
    coming.start()
    coming.join()
    while queue.working < 4:
        pass
    try:
        yield
    finally:
        go_on.set()
        while queue.waiting or queue.working:
            pass


async def test_every_way_of_asking_is_told_kindly_and_buttons_survive(world: World) -> None:
    me = world.bot.user
    assert me is not None
    asked = await world.member.slash(world.channel, "ask", question="what is corrigibility?", level="basic")
    before, buttons = texts(asked.response), labels(asked.response)
    path = await world.member.slash(world.channel, "path", topic="corrigibility")
    written = await world.moderator.send(world.channel, "what is reward hacking?")
    with crowd(world):
        slash = await world.member.slash(world.channel, "ask", question="what is corrigibility?")
        assert slash.acknowledged
        assert texts(slash.response) == ASK_AGAIN
        await world.member.send(world.channel, f"<@{me.id}> what is RLHF?")
        assert texts(world.channel.last_message) == ASK_AGAIN
        await world.member.send(world.channel, f"<@{me.id}> [[RLHF]]")
        assert texts(world.channel.last_message) == ASK_AGAIN
        await world.member.send_dm("what is RLHF?")
        assert texts(world.member.user.dm_channel.last_message) == ASK_AGAIN
        topic = await world.member.slash(world.channel, "topics", topic="corrigibility")
        assert texts(topic.response) == ASK_AGAIN
        for menu in ("Explain this", "Explain the terms here"):
            chosen = await world.member.context_menu(world.channel, menu, written)
            assert texts(chosen.response) == ASK_AGAIN, menu
        pressed = await world.member.click(asked.response, label="Deeper")
        assert pressed.acknowledged
        assert texts(pressed.followups[-1]) == PRESS_AGAIN
        by_another = await world.moderator.click(asked.response, label="Deeper")
        assert PRESS_AGAIN in [texts(message) for message in (by_another.response, *by_another.followups)]
        read = await world.member.click(path.response, label=next(iter(labels(path.response))))
        assert PRESS_AGAIN in [texts(message) for message in (read.response, *read.followups)]
        assert (texts(asked.response), labels(asked.response)) == (before, buttons)
        assert (await world.member.slash(world.channel, "help")).acknowledged
        german = await world.member.slash(world.channel, "language", language="de")
        assert german.acknowledged
        slash = await world.member.slash(world.channel, "ask", question="what is corrigibility?")
        assert "Ich bin gerade ausgelastet" in texts(slash.response)
    await world.member.slash(world.channel, "language", language="en")
    await world.member.click(asked.response, label="Deeper")
    shown = next(message for message in world.channel.history() if message.id == asked.response.id)
    assert "-# Intermediate" in texts(shown)
