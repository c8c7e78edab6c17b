from __future__ import annotations

from typing import Any

from tests.discord.conftest import World, labels, texts
from tests.discord.judge import walk

FIRST, SECOND = "## Outer Misalignment", "## Inner Misalignment"


async def ask(world: World, question: str = "difference between outer and inner misalignment") -> Any:
    result = await world.member.slash(world.channel, "ask", question=question, level="basic")
    assert result.response is not None
    return result.response


def both(message: Any, view: str) -> bool:
    said = texts(message)
    return f"{FIRST}\n-# {view}" in said and f"{SECOND}\n-# {view}" in said


async def test_both_concepts_stand_in_one_message(world: World) -> None:
    answer = await ask(world)
    assert both(answer, "Basic")
    assert texts(answer).count("You asked: difference between outer and inner misalignment") == 1
    assert [item["type"] for item in answer.components] == [17, 17, 1, 1], "a container for each, buttons below both"
    assert labels(answer)[0] == "Deeper"


async def test_the_buttons_change_both_sides_in_place_and_survive_a_restart(world: World) -> None:
    answer = await ask(world)
    basic = texts(world.channel.last_message)
    count = len(world.channel.history())
    await world.member.click(answer, label="Deeper")
    assert both(world.channel.last_message, "Intermediate")
    await world.restart()
    pressed = await world.member.click(answer, label="Deeper")
    assert pressed.acknowledged
    assert both(world.channel.last_message, "Advanced")
    pressed = await world.member.click(
        answer, label=next(label for label in labels(answer) if label.startswith("Sources"))
    )
    assert pressed.acknowledged
    assert both(world.channel.last_message, "Sources")
    assert texts(world.channel.last_message).count("](http") >= 6
    await world.member.click(answer, label="Back to the answer")
    assert both(world.channel.last_message, "Advanced")
    await world.member.click(answer, label="Simpler")
    await world.member.click(answer, label="Simpler")
    assert texts(world.channel.last_message) == basic
    assert len(world.channel.history()) == count


async def test_a_side_that_is_gone_is_said_so(world: World) -> None:
    answer = await ask(world)
    world.bot.services.answers.generation.rows_of_concept.pop("inner-misalignment")
    pressed = await world.member.click(answer, label="Deeper")
    assert "no longer has this page" in pressed.followups[0].content


async def test_a_direct_message_compares_with_what_was_asked_before(world: World) -> None:
    await world.member.send_dm("what is outer misalignment?")
    await world.member.send_dm("and how is that different from inner misalignment?")
    answer = world.member.user.dm_channel.last_message
    assert FIRST in texts(answer)
    assert SECOND in texts(answer)


async def test_long_names_fit_into_the_buttons(world: World) -> None:
    answer = await ask(world, "inverse reinforcement learning vs weak-to-strong generalization")
    ids = [item["custom_id"] for item in walk(answer.components) if item.get("custom_id")]
    assert max(map(len, ids)) <= 100
    await world.member.click(answer, label="Deeper")
    said = texts(world.channel.last_message)
    assert "## Inverse Reinforcement Learning" in said
    assert "Generalization\n-# Intermediate" in said
