"""Who did what to the library."""

from __future__ import annotations

from bot.config import Settings
from bot.markup import unescape
from tests.discord.conftest import World, texts
from tests.discord.moderating.conftest import GOLDEN, allow_everyone, edit, page


async def test_every_deed_is_told_newest_first_with_who_did_it(world: World, settings: Settings) -> None:
    (settings.knowledge.path / "golden.yaml").write_text(GOLDEN)
    edit(settings, "kettle-drift", "optimises steam", "optimises whistling")
    await world.moderator.slash(world.channel, "reindex", dry_run=True)
    await world.moderator.slash(world.channel, "reindex")
    page(settings, "cup-collapse").unlink()
    await world.moderator.slash(world.channel, "reindex")
    await world.moderator.slash(world.channel, "reindex", override=True)
    await world.moderator.slash(world.channel, "rollback")
    await world.bot.services.stores.history.note("rebuild", None, {"by": "the command line"})
    result = await world.moderator.slash(world.channel, "history")
    assert result.response is not None
    assert result.response.ephemeral
    lines = unescape(texts(result.response)).splitlines()[1:]
    who = ["rebuild** by the command line"]
    who += [f"{deed}** by moderator" for deed in ("rollback", "override", "refused swap", "rebuild", "dry run")]
    assert len(lines) == len(who)
    for line, expected in zip(lines, who, strict=True):
        assert expected in line
    assert "golden 2 of 3; 1 broken" in lines[3]
    assert "1 changed" in lines[4]


async def test_history_outlives_a_restart_and_a_name_that_was_taken_out(world: World, settings: Settings) -> None:
    await world.moderator.slash(world.channel, "reindex")
    await world.restart()
    await world.bot.services.stores.history.forget(world.moderator.id)
    result = await world.moderator.slash(world.channel, "history")
    assert "rebuild** by a moderator: nothing had changed" in texts(result.response)


async def test_hostile_names_and_details_do_no_harm(world: World) -> None:
    history = world.bot.services.stores.history
    prankster = world.guild.add_member(world.env.create_user("p", global_name="@everyone **`<@1>"))
    for _ in range(20):
        await history.note("failed rebuild", prankster.id, {"by": "a moderator", "reason": "@here <@&5> **x** " * 99})
    await history.note("rollback", 424242424242424242, {"by": "a moderator", "generation": "x"})
    result = await world.moderator.slash(world.channel, "history")
    said = texts(result.response)
    assert "user 424242424242424242" in said
    assert said.count("failed rebuild") >= 5


async def test_members_may_not_and_an_empty_history_is_said_so(world: World) -> None:
    allow_everyone(world, "history")
    result = await world.member.slash(world.channel, "history")
    assert "only moderators of this bot's home servers" in texts(result.response)
    result = await world.moderator.slash(world.channel, "history")
    assert texts(result.response) == "Nothing has been done to the library yet."
