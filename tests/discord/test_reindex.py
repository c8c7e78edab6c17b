from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import discord
import pytest
from filelock import FileLock

from bot.config import Settings
from bot.markup import unescape
from bot.reindex_report import report_text
from index.build import BuildReport
from index.changes import Changes, PlaceChange
from index.generation import Counts
from index.levels import Level
from index.problems import Problem, Severity
from tests.discord.conftest import World, texts


@pytest.fixture
def settings(settings: Settings, library_content: Path, tmp_path: Path) -> Settings:
    """A copy of the library that a test may change."""
    content = tmp_path / "knowledge"
    # Golden questions have tests of their own, over a library that is built in two seconds.
    shutil.copytree(library_content, content, ignore=shutil.ignore_patterns("golden.yaml"))
    return settings.model_copy(update={"knowledge": settings.knowledge.model_copy(update={"path": content})})


NEWS = "Kettles are corrigible, as every reader of this test knows, and so are spoons, cups and most pots we know of."


def change_a_page(settings: Settings) -> None:
    page = settings.knowledge.path / "en" / "corrigibility.md"
    page.write_text(page.read_text().replace("# Intermediate", f"{NEWS}\n\n# Intermediate"))
    (settings.knowledge.path / "en" / "draft.md").write_text("Basic\n\nno front matter")


async def test_a_moderator_rebuilds_and_is_told_what_changed(world: World, settings: Settings) -> None:
    before = world.bot.services.answers.generation.id
    change_a_page(settings)
    result = await world.moderator.slash(world.channel, "reindex")
    assert result.acknowledged
    said = texts(world.channel.last_message)
    assert "The new library is being served" in said
    assert "Corrigibility, Basic: 1 added" in said
    assert "Problems with the content: 1 error, 0 warnings" in said
    assert "en/draft.md:1 error no front matter" in unescape(said)
    assert world.bot.services.answers.generation.id != before
    asked = await world.member.slash(world.channel, "ask", question="corrigibility", level="basic")
    assert "Kettles are corrigible" in texts(asked.response)


async def test_nothing_changed_is_said_so(world: World) -> None:
    await world.moderator.slash(world.channel, "reindex")
    assert "Nothing has changed since the last time" in texts(world.channel.last_message)


async def test_members_are_served_and_a_second_run_is_refused_while_one_runs(world: World, settings: Settings) -> None:
    change_a_page(settings)
    world.rebuilds_wait_outside = True
    running = await world.moderator.slash(world.channel, "reindex")
    assert running.acknowledged
    progress = world.channel.last_message
    assert progress is not None
    assert "Reading the library" in texts(progress)
    served = await world.member.slash(world.channel, "ask", question="what is corrigibility", level="basic")
    assert "## Corrigibility" in texts(served.response)
    second = await world.moderator.slash(world.channel, "reindex")
    assert "being rebuilt already" in texts(second.response)

    for _ in range(600):
        await asyncio.sleep(0.2)
        await world.env.settle()
        said = next(texts(message) for message in world.channel.history() if message.id == progress.id)
        if "is being served" in said:
            break
    else:
        raise AssertionError(said)
    asked = await world.member.slash(world.channel, "ask", question="corrigibility", level="basic")
    assert "Kettles are corrigible" in texts(asked.response)


def allow_everyone(world: World) -> None:
    """Let the client show the command to everyone, as a server's owner can: protection is ours alone."""
    for command in world.env.backend.commands[None].values():
        if command["name"] == "reindex":
            command["default_member_permissions"] = None


async def test_a_member_may_not(world: World) -> None:
    allow_everyone(world)
    result = await world.member.slash(world.channel, "reindex")
    assert "Only moderators of this bot's home servers" in texts(result.response)
    assert not world.bot.services.rebuilder.running


async def test_a_moderator_of_another_server_may_not(world: World) -> None:
    guild = world.env.create_guild("Elsewhere")
    channel = guild.create_text_channel("talk")
    role = guild.create_role("Admins", permissions=discord.Permissions(administrator=True))
    stranger = guild.add_member(world.env.create_user("stranger"), roles=[role])
    result = await stranger.slash(channel, "reindex")
    assert "Only moderators of this bot's home servers" in texts(result.response)


async def test_the_owner_may_anywhere(world: World) -> None:
    world.bot.owner_id = world.member.id
    allow_everyone(world)
    await world.member.slash(world.channel, "reindex")
    assert "Nothing has changed" in texts(world.channel.last_message)


async def test_content_that_cannot_be_built_leaves_what_serves(world: World, settings: Settings) -> None:
    before = world.bot.services.answers.generation.id
    for page in settings.knowledge.path.rglob("*.md"):
        page.write_text("broken")
    await world.moderator.slash(world.channel, "reindex")
    assert "was not rebuilt; what served before goes on" in texts(world.channel.last_message)
    assert world.bot.services.answers.generation.id == before
    asked = await world.member.slash(world.channel, "ask", question="corrigibility", level="basic")
    assert "## Corrigibility" in texts(asked.response)


async def test_a_build_by_another_process_is_told_kindly(world: World, settings: Settings) -> None:
    change_a_page(settings)
    with FileLock(settings.state.path / "build.lock"):
        await world.moderator.slash(world.channel, "reindex")
    assert "being rebuilt already" in texts(world.channel.last_message)


def test_a_huge_report_keeps_to_one_message() -> None:
    places = tuple(PlaceChange("en", f"s{n}", "A very long title " * 20, Level.BASIC, 1, 2, 3) for n in range(500))
    problems = tuple(Problem("en/x.md", n, Severity.ERROR, "@everyone " * 50, "mend") for n in range(500))
    changes = Changes(500, 1000, 1500, 9, places, (), ())
    report = BuildReport(
        "g", None, True, Counts(concepts=1, pages=1, passages=1, references=1, sentences=1), changes, 5, 1.0, problems
    )
    text = report_text(report, serving=True)
    assert len(text) <= 2000
    assert "@everyone" not in text
