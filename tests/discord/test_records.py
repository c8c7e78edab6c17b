from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bot.config import Settings
from bot.storage.gaps import GapKind
from tests.discord.conftest import World, labels, texts

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def test_answers_are_counted_and_questions_in_vain_are_kept_without_a_name(world: World) -> None:
    me = world.bot.user
    assert me is not None
    asked = await world.member.slash(world.channel, "ask", question="what is corrigibility")
    await world.member.click(asked.response, label="Deeper")
    await world.member.send(world.channel, f"<@{me.id}> best pizza in Berlin, <@{world.moderator.id}>?")
    await world.member.send_dm("what is RLHF?")
    said = await world.moderator.send(world.channel, "what is Goodhart's law?")
    await world.member.context_menu(world.channel, "Explain this", said)

    stores = world.bot.services.stores
    served = await stores.served.since(LONG_AGO)
    assert [(row.how, row.slug) for row in served] == [
        ("ask", "corrigibility"),
        ("button", "corrigibility"),
        ("mention", None),
        ("direct", "rlhf"),
        ("menu", "goodharts-law"),
    ]
    assert [row.level for row in served][:2] == ["intermediate", "advanced"]
    assert all(row.milliseconds > 0 for row in served)
    (gap,) = await stores.gaps.all()
    assert gap.kind == GapKind.NOT_COVERED
    assert gap.question.startswith("best pizza in Berlin")
    assert str(world.moderator.id) not in gap.question


async def test_a_database_that_fails_loses_no_answer(world: World) -> None:
    async with world.bot.services.database.sessions.begin() as session:
        for table in ("preferences", "servers", "served", "gaps"):
            await session.execute(text(f"DROP TABLE {table}"))
    asked = await world.member.slash(world.channel, "ask", question="what is corrigibility")
    assert "-# Intermediate" in texts(asked.response)
    await world.member.click(asked.response, label="Deeper")
    assert "-# Advanced" in texts(asked.response)
    own = await world.member.click(asked.response, label="Make this my level")
    assert "could not write that down" in texts(own.response)
    copy = await world.moderator.click(asked.response, label="Simpler")
    assert "-# Intermediate" in texts(copy.response)
    refused = await world.member.slash(world.channel, "ask", question="best pizza in Berlin?")
    assert "does not cover this" in texts(refused.response)
    await world.member.send_dm("what is corrigibility")
    assert "## Corrigibility" in texts(world.member.user.dm_channel.last_message)
    level = await world.member.slash(world.channel, "level", level="basic")
    assert "could not write that down" in texts(level.response)


class TestAPageWithoutADepth:
    """A library in which Corrigibility has no Advanced part, and an operator who may keep no gaps."""

    @pytest.fixture(params=[True, False], ids=["gap log on", "gap log off"])
    def gap_log(self, request: pytest.FixtureRequest) -> bool:
        return bool(request.param)

    @pytest.fixture
    def settings(self, settings: Settings, gap_log: bool) -> Settings:
        return settings.model_copy(update={"answers": settings.answers.model_copy(update={"gap_log": gap_log})})

    async def test_pressing_deeper_in_vain_is_said_and_kept(self, world: World, gap_log: bool) -> None:
        generation = world.bot.services.answers.generation
        whole = generation.concepts["en", "corrigibility"]
        levels = tuple(level for level in whole.levels if level != "advanced")
        generation.concepts["en", "corrigibility"] = replace(whole, levels=levels)
        asked = await world.member.slash(world.channel, "ask", question="what is corrigibility")
        assert "Deeper" in labels(asked.response)
        await world.member.click(asked.response, label="Deeper")
        assert "This page has no Advanced part yet" in texts(world.channel.last_message)
        assert "-# Intermediate" in texts(world.channel.last_message)
        await world.member.slash(world.channel, "ask", question="best pizza in Berlin?")
        gaps = await world.bot.services.stores.gaps.all()
        kept = {(gap.kind, gap.slug, gap.level) for gap in gaps}
        expected = {("depth missing", "corrigibility", "advanced"), ("not covered", None, "intermediate")}
        assert kept == (expected if gap_log else set())
