from __future__ import annotations

from datetime import UTC, datetime, timedelta

import discord
import pytest
from sqlalchemy import text

from bot.links.report import LinkReport, LinkResult, LinkVerdict, write_link_report
from bot.storage.feedback import Verdict
from bot.storage.gaps import GapKind
from bot.storage.server_settings import ServerSettings
from bot.storage.tables import FeedbackNote, Gap, Served
from index.levels import Level
from tests.discord.conftest import World, texts
from tests.discord.judge import walk
from tests.discord.test_gaps import REFUSED, show_to_everyone


async def serve(world: World) -> None:
    served = world.bot.services.stores.served
    for _ in range(3):
        await served.note("ask", "corrigibility", Level.BASIC, 0.97, 12.0)
    await served.note("mention", None, Level.ADVANCED, 0.11, 30.0)
    await world.bot.services.stores.feedback.note(Verdict.TOO_HARD, "corrigibility", Level.BASIC, "?", "g")


async def test_a_moderator_sees_how_the_bot_is_used_as_text_and_as_a_picture(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await serve(world)
    result = await world.moderator.slash(world.channel, "stats", days=7)
    assert result.acknowledged
    assert result.ephemeral
    said = texts(result.response).replace("\\", "")
    assert "**4 answers**, 25% of them that the library does not cover it" in said
    assert "by `/ask` 3, mention 1" in said
    assert "- Corrigibility: 3" in said
    assert "- Corrigibility: too hard 1" in said
    (picture,) = result.response.attachments  # type: ignore[union-attr]
    assert (await picture.read()).startswith(b"\x89PNG")
    gallery = next(item for item in walk(result.response.components) if item.get("type") == 12)  # type: ignore[union-attr]
    assert "Answers a day: 4 in all, 1 of them not covered" in gallery["items"][0]["description"]

    monkeypatch.setattr("bot.cogs.stats.can_draw", lambda: False)
    result = await world.moderator.slash(world.channel, "stats")
    assert "**4 answers**" in texts(result.response)
    assert "Pictures need the extra" in texts(result.response)
    assert not result.response.attachments  # type: ignore[union-attr]


async def test_stats_are_for_moderators_of_the_home_servers_and_the_owner(world: World) -> None:
    show_to_everyone(world, "stats")
    assert REFUSED in texts((await world.member.slash(world.channel, "stats")).response)
    guild = world.env.create_guild("Elsewhere")
    channel = guild.create_text_channel("talk")
    role = guild.create_role("Admins", permissions=discord.Permissions(administrator=True))
    stranger = guild.add_member(world.env.create_user("stranger"), roles=[role])
    assert REFUSED in texts((await stranger.slash(channel, "stats")).response)
    assert "**Generation**" in texts((await stranger.slash(channel, "status")).response), "a moderator there"

    helpers = world.guild.create_role("Helpers")
    helper = world.guild.add_member(world.env.create_user("helper"), roles=[helpers])
    assert REFUSED in texts((await helper.slash(world.channel, "stats")).response)
    await world.bot.services.stores.servers.put(world.guild.id, ServerSettings(moderator_roles=(helpers.id,)))
    assert "How I was used" in texts((await helper.slash(world.channel, "stats")).response)
    world.bot.owner_id = world.member.id
    assert "No answer in these 30 days" in texts((await world.member.slash(world.channel, "stats")).response)


async def test_status_is_short_for_members_and_long_for_moderators(world: World) -> None:
    await serve(world)

    async def queue() -> str:
        return "nobody waits"

    world.bot.services.status.add("Queue", queue)
    checked = datetime(2026, 11, 20, tzinfo=UTC)
    found = [LinkResult(url=f"https://example.org/{verdict}", verdict=verdict) for verdict in LinkVerdict]
    write_link_report(world.settings.state.path, LinkReport(checked_at=checked, results=tuple(found)))
    short = await world.member.slash(world.channel, "status")
    assert short.ephemeral
    concepts = len(world.bot.services.answers.generation.rows_of_concept)
    assert f"I am well. I explain {concepts} ideas" in texts(short.response)
    assert "Generation" not in texts(short.response)
    long = texts((await world.moderator.slash(world.channel, "status")).response).replace("\\", "")
    for part in (
        f"**Generation**: {world.bot.services.answers.generation.id}",
        "**Model**: all-MiniLM-L6-v2, served by",
        "**Threshold**: 0.50",
        "**Answers take**: p50 12 ms, p99",
        "**Discord answers in**:",
        "**Running for**:",
        "**Database**: answers in",
        "**State folder**: can be written;",
        "**Gap log**: on",
        "discord.py 2.7.1",
        "**Links**: 1 of 4 work, 1 moved, 1 unclear, 1 broken (checked on 2026-11-20)",
        "**Queue**: nobody waits",
    ):
        assert part in long
    assert str(world.settings.state.path) not in long, "nobody learns where things lie"

    async with world.bot.services.database.sessions.begin() as session:
        await session.execute(text("ALTER TABLE served RENAME TO lost"))
    said = texts((await world.moderator.slash(world.channel, "status")).response).replace("\\", "")
    assert "**Answers take**: nobody has asked yet" in said, "one table less is no reason to say nothing"


async def test_what_was_kept_long_enough_is_deleted_at_the_start_and_every_day(world: World) -> None:
    async def add_old_ones() -> None:
        now = datetime.now(UTC)
        async with world.bot.services.database.sessions.begin() as session:
            for days in (89, 91):
                at = now - timedelta(days=days)
                session.add(Gap(at=at, kind=GapKind.NOT_COVERED, question="?", slug=None, level="basic", language="en"))
            for days in (364, 366):
                at = now - timedelta(days=days)
                session.add(Served(at=at, how="ask", slug=None, level="basic", confidence=0, milliseconds=0))
                session.add(FeedbackNote(at=at, slug="x", level="basic", verdict="right", question="?", generation="g"))

    async def kept() -> tuple[int, ...]:
        async with world.bot.services.database.sessions() as session:
            tables = ("gaps", "served", "feedback")
            return tuple([await session.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in tables])  # noqa: S608

    await add_old_ones()
    assert await kept() == (2, 2, 2)
    await world.restart()
    await world.env.settle()
    assert await kept() == (1, 1, 1)
    await add_old_ones()
    assert await kept() == (3, 3, 3)
    await world.env.advance_time(24 * 3600 + 60)
    await world.env.settle()
    assert await kept() == (2, 2, 2)
