"""Golden questions stand between a new generation and the members."""

from __future__ import annotations

import pytest

from bot.config import Settings
from bot.deeds import By
from bot.library_watch import rebuild_if_due
from bot.markup import unescape
from tests.discord.conftest import World, texts
from tests.discord.moderating.conftest import GOLDEN, build, current, edit, page


@pytest.fixture
def settings(settings: Settings) -> Settings:
    (settings.knowledge.path / "golden.yaml").write_text(GOLDEN)
    return settings


async def test_a_swap_that_breaks_golden_questions_is_refused_with_the_list(world: World, settings: Settings) -> None:
    before = current(settings)
    page(settings, "kettle-drift").unlink()
    await world.moderator.slash(world.channel, "reindex")
    said = unescape(texts(world.channel.last_message))
    assert "The new library was refused; what served before goes on" in said
    assert "Golden questions: 2 of 3 right; before: 3" in said
    assert "- what is kettle drift? → kettle-drift; now" in said
    assert "override:True" in said
    assert world.bot.services.answers.generation.id == current(settings) == before
    asked = await world.member.slash(world.channel, "ask", question="what is kettle drift?", level="basic")
    assert "## Kettle Drift" in texts(asked.response)


async def test_a_dry_run_says_that_a_swap_would_be_refused(world: World, settings: Settings) -> None:
    edit(settings, "spoon-bias", "# Advanced", "# Afterword")
    await world.moderator.slash(world.channel, "reindex", dry_run=True)
    said = unescape(texts(world.channel.last_message))
    assert "A rebuild would be refused" in said
    assert "what is spoon bias? → spoon-bias, advanced; now spoon-bias, intermediate" in said


async def test_a_refusal_can_be_overridden_and_history_says_so(world: World, settings: Settings) -> None:
    page(settings, "kettle-drift").unlink()
    await world.moderator.slash(world.channel, "reindex")
    await world.moderator.slash(world.channel, "reindex", override=True)
    said = unescape(texts(world.channel.last_message))
    assert "being served, although golden questions broke" in said
    assert world.bot.services.answers.generation.concept("kettle-drift") is None
    latest = await world.bot.services.stores.history.latest(2)
    assert [(deed.action, deed.user_id) for deed in latest] == [
        ("override", world.moderator.id),
        ("refused swap", world.moderator.id),
    ]
    assert latest[0].detail["broken"] == ["what is kettle drift?"]


async def test_override_changes_nothing_where_nothing_broke(world: World, settings: Settings) -> None:
    edit(settings, "kettle-drift", "optimises steam", "optimises whistling")
    await world.moderator.slash(world.channel, "reindex", override=True)
    said = unescape(texts(world.channel.last_message))
    assert "**The new library is being served.**" in said
    assert "Golden questions: 3 of 3 right; before: 3" in said


async def test_what_was_refused_is_not_tried_again_by_itself(world: World, settings: Settings) -> None:
    page(settings, "kettle-drift").unlink()
    before = current(settings)
    await world.moderator.slash(world.channel, "reindex")
    await world.restart()
    services = world.bot.services
    assert await rebuild_if_due(services, By.START)
    assert current(settings) == before
    assert [deed.action for deed in await services.stores.history.latest(9)] == ["refused swap"]

    (settings.knowledge.path / "golden.yaml").write_text('"cup collapse": cup-collapse\n')
    assert await rebuild_if_due(services, By.START)
    assert current(settings) != before, "once the golden questions are mended, it is tried again"
    assert services.answers.generation.id == current(settings)
    assert (await services.stores.history.latest(1))[0].detail["by"] == "the start of the bot"


async def test_an_automatic_build_is_refused_as_well(world: World, settings: Settings) -> None:
    before = current(settings)
    page(settings, "kettle-drift").unlink()
    await rebuild_if_due(world.bot.services, By.WATCH)
    assert current(settings) == before
    (deed,) = await world.bot.services.stores.history.latest(9)
    assert (deed.action, deed.user_id, deed.detail["by"]) == ("refused swap", None, "the watch on the folder")


async def test_without_golden_questions_everything_goes_on(world: World, settings: Settings) -> None:
    (settings.knowledge.path / "golden.yaml").unlink()
    page(settings, "kettle-drift").unlink()
    await world.moderator.slash(world.channel, "reindex")
    said = unescape(texts(world.channel.last_message))
    assert "The new library is being served" in said
    assert "Golden" not in said
    assert build(settings).outcome == "unchanged"
