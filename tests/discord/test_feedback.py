from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from bot.storage.feedback import Verdict
from index.levels import Level
from tests.discord.conftest import World, labels, texts

QUESTION = "what is corrigibility"


async def ask(world: World, level: str = "intermediate") -> Any:
    return (await world.member.slash(world.channel, "ask", question=QUESTION, level=level)).response


async def judge_answer(world: World, answer: Any, verdict: str) -> Any:
    """Open the panel and give a verdict; return the panel."""
    opened = await world.moderator.click(answer, label="Was this right?")
    assert opened.ephemeral
    assert "Was this right?" in texts(opened.response)
    assert f"You asked: {QUESTION}" in texts(opened.response)
    pressed = await world.moderator.click(opened.response, label=verdict)
    assert pressed.acknowledged
    return opened.response


async def test_every_verdict_is_kept_without_a_name_and_thanked_for(world: World) -> None:
    answer = await ask(world)
    for verdict in ("Yes", "Incomplete", "Broken link", "Too hard", "Too simple", "Wrong topic"):
        panel = await judge_answer(world, answer, verdict)
        assert "## Thank you" in texts(panel)
    kept = await world.bot.services.stores.feedback.all()
    assert {note.verdict for note in kept} == set(Verdict)
    assert {(note.slug, note.level, note.question) for note in kept} == {("corrigibility", "intermediate", QUESTION)}
    assert {note.generation for note in kept} == {world.bot.services.answers.generation.id}
    assert not any(hasattr(note, "user_id") for note in kept)


@pytest.mark.parametrize(("verdict", "level"), [("Too hard", Level.BASIC), ("Too simple", Level.ADVANCED)])
async def test_another_depth_is_offered_after_a_restart_too(world: World, verdict: str, level: Level) -> None:
    answer = await ask(world)
    panel = await judge_answer(world, answer, verdict)
    assert labels(panel) == [f"Show {level.label}"]
    await world.restart()
    shown = await world.moderator.click(panel, label=f"Show {level.label}")
    assert "## Corrigibility" in texts(shown.response)
    assert f"-# {level.label}" in texts(shown.response)
    assert shown.response.ephemeral  # type: ignore[union-attr]
    assert "-# Intermediate" in texts(world.channel.history(viewer=world.member)[-1]), "the answer itself stays"


async def test_the_wrong_topic_offers_the_runners_up_and_a_failing_database_is_admitted(world: World) -> None:
    answer = await ask(world)
    panel = await judge_answer(world, answer, "Wrong topic")
    offered = labels(panel)
    assert 1 <= len(offered) <= 4
    assert "Corrigibility" not in offered
    shown = await world.moderator.click(panel, label=offered[0])
    assert f"## {offered[0]}" in texts(shown.response).replace("\\", "")
    assert f"You asked: {QUESTION}" in texts(shown.response)

    async with world.bot.services.database.sessions.begin() as session:
        await session.execute(text("DROP TABLE feedback"))
    opened = await world.member.click(answer, label="Was this right?")
    pressed = await world.member.click(opened.response, label="Yes")
    assert "could not write that down" in pressed.followups[0].content
    assert "Was this right?" in texts(opened.response), "the panel stays, for another try"
