from __future__ import annotations

from typing import Any

from bot.views.custom_ids import Action, ButtonState
from index.levels import Level
from tests.discord.conftest import World, labels, texts


async def ask(world: World, question: str = "what is corrigibility", level: str = "basic") -> Any:
    result = await world.member.slash(world.channel, "ask", question=question, level=level)
    assert result.response is not None
    return result.response


async def test_deeper_and_simpler_edit_in_place(world: World) -> None:
    answer = await ask(world)
    count = len(world.channel.history())
    for label, expected in (
        ("Deeper", "Intermediate"),
        ("Deeper", "Advanced"),
        ("Simpler", "Intermediate"),
        ("Simpler", "Basic"),
    ):
        pressed = await world.member.click(answer, label=label)
        assert pressed.acknowledged
        now = world.channel.last_message
        assert now is not None
        assert now.id == answer.id
        assert f"-# {expected}" in texts(now)
        assert "You asked: what is corrigibility" in texts(now)
    assert len(world.channel.history()) == count


async def test_sources_and_back(world: World) -> None:
    answer = await ask(world)
    basic = texts(world.channel.last_message)
    await world.member.click(answer, label=labels(answer)[-1])
    sources = texts(world.channel.last_message)
    assert "-# Sources" in sources
    assert sources.count("](http") >= 3
    await world.member.click(answer, label="Back to the answer")
    assert texts(world.channel.last_message) == basic


async def test_buttons_work_after_a_restart(world: World) -> None:
    answer = await ask(world)
    await world.restart()
    pressed = await world.member.click(answer, label="Deeper")
    assert pressed.acknowledged
    assert "-# Intermediate" in texts(world.channel.last_message)


async def test_pressing_does_not_change_the_saved_level(world: World) -> None:
    await world.member.slash(world.channel, "level", level="basic")
    answer = await ask(world, level="basic")
    await world.member.click(answer, label="Deeper")
    assert await world.bot.services.preferences.level(world.member.id) is Level.BASIC


async def test_someone_else_gets_a_private_copy(world: World) -> None:
    answer = await ask(world)
    before = texts(world.channel.last_message)
    pressed = await world.moderator.click(answer, label="Deeper")
    assert pressed.acknowledged
    assert pressed.ephemeral
    assert "-# Intermediate" in texts(pressed.response)
    assert texts(world.channel.history(viewer=world.member)[-1]) == before


async def test_a_page_that_is_gone_is_said_so(world: World) -> None:
    answer = await ask(world)
    generation = world.bot.services.answers.generation
    generation.rows_of_concept.pop("corrigibility")
    pressed = await world.member.click(answer, label="Deeper")
    assert pressed.acknowledged
    assert "no longer has this page" in pressed.followups[0].content


def test_forged_ids_are_not_ours() -> None:
    good = str(ButtonState(Action.SHOW, Level.BASIC, "en", 1, "corrigibility"))
    assert ButtonState.parse(good) is not None
    forged = [
        good.replace("show", "delete"),
        good.replace("basic", "expert"),
        good + "x" * 80,
        good.replace(":1:", ":2:"),
        good.replace("corrigibility", "../etc/passwd"),
        "",
        "fathom",
    ]
    assert [ButtonState.parse(item) for item in forged] == [None] * len(forged)
