"""Going back to a generation that was kept, and what keeps it there."""

from __future__ import annotations

import asyncio
import shutil

import discord
from filelock import FileLock

from bot.config import Settings
from bot.deeds import By
from bot.library_watch import follow_index, rebuild_if_due, watch_folder
from bot.markup import unescape
from index.generation import PASSAGES
from index.generation_store import GenerationStore
from index.rollback import roll_back
from tests.discord.conftest import World, texts
from tests.discord.moderating.conftest import allow_everyone, build, current, edit


def three_generations(settings: Settings) -> list[str]:
    """Build twice more; return the names of all, oldest first."""
    names = [str(current(settings))]
    for word in ("whistling", "humming"):
        edit(settings, "kettle-drift", "optimises", f"optimises {word} and")
        names.append(build(settings).generation)
    return names


async def served(world: World) -> str:
    asked = await world.member.slash(world.channel, "ask", question="kettle drift", level="intermediate")
    return texts(asked.response)


async def test_back_to_the_one_before_and_to_any_that_was_kept(world: World, settings: Settings) -> None:
    first, second, third = three_generations(settings)
    await world.restart()
    assert world.bot.services.answers.generation.id == third
    assert "humming" in await served(world)

    await world.moderator.slash(world.channel, "rollback")
    said = unescape(texts(world.channel.last_message))
    assert "3 concepts, 18 passages is being served" in said
    assert "It stays until somebody runs `/reindex`, or the content is changed again" in said
    assert world.bot.services.answers.generation.id == current(settings) == second
    assert "humming" not in await served(world)

    choices = await world.moderator.autocomplete(world.channel, "rollback", "generation", "")
    assert [choice["value"] for choice in choices] == [third, first], "all that were kept, but for the one that serves"
    assert all("3 concepts, 18 passages" in choice["name"] for choice in choices)
    await world.moderator.slash(world.channel, "rollback", generation=choices[1]["value"])
    assert current(settings) == first
    assert "whistling" not in await served(world)
    await world.moderator.slash(world.channel, "rollback", generation=third)
    assert "It is what the content folder holds now" in texts(world.channel.last_message)
    assert "humming" in await served(world)


async def test_a_rollback_sticks_until_the_content_changes(world: World, settings: Settings) -> None:
    first, *_ = three_generations(settings)
    await world.restart()
    await world.moderator.slash(world.channel, "rollback", generation=first)
    await world.restart()
    assert await rebuild_if_due(world.bot.services, By.START)
    assert world.bot.services.answers.generation.id == current(settings) == first

    edit(settings, "spoon-bias", "optimises steam", "stirs")
    assert await rebuild_if_due(world.bot.services, By.START)
    assert current(settings) != first
    assert "humming" in await served(world)


async def test_a_rollback_gives_way_to_an_explicit_reindex(world: World, settings: Settings) -> None:
    first, *_ = three_generations(settings)
    await world.restart()
    await world.moderator.slash(world.channel, "rollback", generation=first)
    await world.moderator.slash(world.channel, "reindex")
    assert "The new library is being served" in texts(world.channel.last_message)
    assert "humming" in await served(world)


async def test_members_and_strangers_may_not(world: World, settings: Settings) -> None:
    _, _, third = three_generations(settings)
    await world.restart()
    allow_everyone(world, "rollback")
    result = await world.member.slash(world.channel, "rollback")
    assert "Only moderators of this bot's home servers" in texts(result.response)
    assert await world.member.autocomplete(world.channel, "rollback", "generation", "") == []
    guild = world.env.create_guild("Elsewhere")
    channel = guild.create_text_channel("talk")
    role = guild.create_role("Admins", permissions=discord.Permissions(administrator=True))
    stranger = guild.add_member(world.env.create_user("stranger"), roles=[role])
    result = await stranger.slash(channel, "rollback")
    assert "Only moderators of this bot's home servers" in texts(result.response)
    assert current(settings) == third


async def test_what_cannot_be_gone_back_to_is_said_and_changes_nothing(world: World, settings: Settings) -> None:
    only = current(settings)
    await world.moderator.slash(world.channel, "rollback")
    assert "no earlier generation was kept" in unescape(texts(world.channel.last_message))
    for name in ("../../etc", "@everyone", str(only)):
        await world.moderator.slash(world.channel, "rollback", generation=name)
        assert "Nothing was changed" in texts(world.channel.last_message)
    first, _, third = three_generations(settings)
    file = GenerationStore(settings.state.path).folder / first / PASSAGES
    file.write_bytes(file.read_bytes()[:-9])
    await world.moderator.slash(world.channel, "rollback", generation=first)
    assert "damaged" in texts(world.channel.last_message)
    with FileLock(settings.state.path / "build.lock"):
        await world.moderator.slash(world.channel, "rollback")
        assert "a build is running" in texts(world.channel.last_message)
    assert current(settings) == third
    assert [deed.action for deed in await world.bot.services.stores.history.latest(9)] == []


async def test_what_another_process_made_current_is_taken_over(world: World, settings: Settings) -> None:
    first, *_ = three_generations(settings)
    await world.restart()
    services = world.bot.services
    follower = asyncio.create_task(follow_index(services, seconds=0.05))
    await asyncio.sleep(0.1)
    roll_back(settings.state.path, settings.knowledge.path, first, model_checksum="light")
    await until(lambda: services.answers.generation.id == first)
    follower.cancel()


async def test_a_watched_folder_is_read_anew_once_changes_have_settled(world: World, settings: Settings) -> None:
    before = current(settings)
    watcher = asyncio.create_task(watch_folder(world.bot.services, seconds=0.2))
    await asyncio.sleep(0.1)
    edit(settings, "kettle-drift", "optimises", "optimises whistling and")
    await until(lambda: world.bot.services.answers.generation.id != before)
    assert "whistling" in await served(world)
    (deed,) = await world.bot.services.stores.history.latest(9)
    assert (deed.action, deed.user_id, deed.detail["by"]) == ("rebuild", None, "the watch on the folder")

    # A folder that vanishes, as while it is replaced, is no change to act on.
    shutil.move(settings.knowledge.path, settings.knowledge.path.with_name("away"))
    await asyncio.sleep(0.5)
    assert not world.bot.services.rebuilder.running
    watcher.cancel()


async def until(holds: object, seconds: float = 30.0) -> None:
    for _ in range(int(seconds / 0.05)):
        if holds():  # type: ignore[operator]
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it never came true")
