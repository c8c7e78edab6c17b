from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tests.discord.conftest import World, labels, texts
from tests.discord.judge import walk
from tests.discord.small_library import GOAL, encoder, library_content, library_state, query_encoder  # noqa: F401


async def path(world: World, topic: str = GOAL) -> Any:
    result = await world.member.slash(world.channel, "path", topic=topic)
    assert result.ephemeral, "what somebody has understood is theirs alone"
    assert result.response is not None
    return result.response


def lines(message: Any) -> list[str]:
    """Return the steps of a path as it is shown, without their numbers."""
    return [line.partition(". ")[2] for line in texts(message).splitlines() if line.partition(". ")[0].isdigit()]


def options(message: Any) -> list[dict[str, Any]]:
    return next(item["options"] for item in walk(message.components) if item.get("type") == 3)


def next_title(message: Any) -> str:
    return next(label for label in labels(message) if label.startswith("Read next: ")).removeprefix("Read next: ")


async def test_a_path_lists_what_to_read_first_in_order(world: World) -> None:
    message = await path(world)
    said = texts(message)
    assert "## Path to Goal Misgeneralization" in said
    generation = world.bot.services.answers.generation
    slugs = [option["value"] for option in options(message)]
    assert slugs[-1] == GOAL
    assert f"0 of {len(slugs)} steps understood" in said
    for number, slug in enumerate(slugs):
        page = generation.concept(slug)
        assert page is not None
        assert set(page.requires) <= set(slugs[:number])
    assert lines(message)[0].endswith("· read next")
    assert len(lines(message)) == len(slugs)


async def test_reading_the_next_step_and_marking_it_leads_on(world: World) -> None:
    await world.member.slash(world.channel, "level", level="basic")
    message = await path(world)
    first = next_title(message)
    page = await world.member.click(message, label=f"Read next: {first}")
    assert page.ephemeral
    assert f"## {first}\n-# Basic" in texts(page.response)
    assert {"Deeper", "Mark as understood", "Show the path"} <= set(labels(page.response))

    after = await world.member.click(page.response, label="Mark as understood")
    assert f"~~{first}~~ · understood" in lines(after.response)
    assert next_title(after.response) != first
    assert "1 of" in texts(after.response)


async def test_a_path_goes_on_after_a_restart(world: World) -> None:
    message = await path(world)
    first = next_title(message)
    await world.restart()
    marked = await world.member.click(message, label="Mark as understood")
    assert marked.acknowledged
    assert f"~~{first}~~ · understood" in lines(marked.response)
    await world.restart()
    assert f"~~{first}~~ · understood" in lines(await path(world))
    other = await world.moderator.slash(world.channel, "path", topic=GOAL)
    assert "~~" not in texts(other.response), "what one member understood is not another's"


async def test_the_menu_marks_and_unmarks_and_start_over_forgets(world: World) -> None:
    message = await path(world)
    slugs = [option["value"] for option in options(message)]
    # What was marked elsewhere meanwhile stays, although this menu does not show it as chosen.
    await world.bot.services.stores.learning.mark(world.member.id, slugs[1])
    chosen = await world.member.select(message, [slugs[0], slugs[2]])
    understood = world.bot.services.stores.learning.understood
    assert await understood(world.member.id) == {slugs[0], slugs[1], slugs[2]}
    assert [option["value"] for option in options(chosen.response) if option.get("default")] == slugs[:3]

    await world.restart()
    fewer = await world.member.select(chosen.response, [slugs[2]])
    understood = world.bot.services.stores.learning.understood
    assert await understood(world.member.id) == {slugs[2]}

    await world.bot.services.stores.learning.mark(world.member.id, "not-on-this-path")
    over = await world.member.click(fewer.response, label="Start over")
    assert "0 of" in texts(over.response)
    assert await understood(world.member.id) == {"not-on-this-path"}


async def test_what_only_leads_to_understood_topics_is_skipped_and_the_end_is_said(world: World) -> None:
    message = await path(world)
    slugs = [option["value"] for option in options(message)]
    page = world.bot.services.answers.generation.concept(GOAL)
    assert page is not None
    ended = await world.member.select(message, [GOAL])
    said = lines(ended.response)
    assert len(said) == len(slugs)
    assert all(line.endswith("· no longer needed") for line in said[:-1])
    assert "You have reached the end of this path." in texts(ended.response)
    assert labels(ended.response) == ["Start over"]


@pytest.mark.parametrize(("typed", "title"), [("goal misgeneralisation", "Goal Misgeneralization"), ("RLHF", None)])
async def test_a_topic_is_found_by_its_other_names(world: World, typed: str, title: str | None) -> None:
    message = await path(world, typed)
    assert "## Path to" in texts(message)
    assert title is None or title in texts(message)


async def test_a_typo_is_asked_back_and_one_press_mends_it(world: World) -> None:
    message = await path(world, "corigibility")
    assert "No topic here is called “corigibility”. Did you mean:" in texts(message)
    pressed = await world.member.click(message, label="Corrigibility")
    assert "## Path to Corrigibility" in texts(pressed.response)
    offered = await world.member.autocomplete(world.channel, "path", "topic", "corigib")
    assert [choice["value"] for choice in offered] == ["corrigibility"]


async def test_nothing_alike_is_said_so_without_a_ping(world: World) -> None:
    message = await path(world, "@everyone pizza in Berlin")
    assert "`/topics` lists them all" in texts(message)
    assert labels(message) == []


async def test_a_page_that_is_gone_is_said_so(world: World) -> None:
    message = await path(world)
    concepts = world.bot.services.answers.generation.concepts
    concepts.pop(("en", GOAL))
    pressed = await world.member.click(message, label="Mark as understood")
    assert "no longer has this page" in pressed.followups[0].content


async def test_a_database_that_fails_is_said_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    message = await path(world)

    async def fails(*_: object) -> None:
        raise OperationalError("insert", {}, Exception("disk full"))

    monkeypatch.setattr(type(world.bot.services.stores.learning), "mark", fails)
    pressed = await world.member.click(message, label="Mark as understood")
    assert pressed.acknowledged
    assert "cannot reach my notes" in pressed.followups[0].content


async def test_a_path_works_in_direct_messages(world: World) -> None:
    user = world.member.user
    await user.send_dm("hello")
    shown = await user.slash("path", topic=GOAL)
    pressed = await user.click(shown.response, label="Mark as understood")
    assert "1 of" in texts(pressed.response)
