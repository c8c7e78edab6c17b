from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from discord import ui
from sqlalchemy import text

from bot.learning_path import learning_path
from bot.storage.server_settings import ServerSettings
from bot.views.path_view import path_view
from bot.views.path_view import suggestions_view as path_suggestions
from bot.views.topics_view import (
    GROUPS_PER_PAGE,
    TOPICS_PER_PAGE,
    group_view,
    groups_of,
    overview,
    suggestions_view,
)
from index.generation import Concept
from index.levels import Level
from tests.discord.conftest import World, labels, texts
from tests.discord.judge import ApiDescription, limit_problems, walk
from tests.discord.small_library import encoder, library_content, library_state, query_encoder  # noqa: F401

HOSTILE = ["x", "@everyone **[(~|`_" * 30, "word " * 60, "-" * 120, "Ω" * 200]


def concept(number: int, tag: str, words: str = "", requires: tuple[str, ...] = ()) -> Concept:
    slug = f"{'long-' * (number % 30)}slug-{number}"
    return Concept(slug, "en", f"{words}{number}", words * 3, (), (tag,), requires, (), (), (), "file.md")


def menu(message: Any) -> dict[str, Any]:
    return next(item for item in walk(message.components) if item.get("type") == 3)


async def test_a_group_is_chosen_its_topics_read_and_left_again(world: World) -> None:
    shown = await world.member.slash(world.channel, "topics")
    assert shown.ephemeral, "looking around is nobody else's business"
    groups = {option["value"]: option for option in menu(shown.response)["options"]}
    for option in groups.values():
        assert f"**{option['label']}** · " in texts(shown.response)
    page = world.bot.services.answers.generation.concept("corrigibility")
    assert page is not None

    group = await world.member.select(shown.response, [page.tags[0]])
    assert f"## {page.tags[0].capitalize()}" in texts(group.response)
    assert f"**{page.title}**\n" in texts(group.response)
    assert page.summary.split(",")[0].split(".")[0] in texts(group.response).replace("\\", "")
    read = await world.member.select(group.response, ["corrigibility"])
    assert read.ephemeral
    assert "## Corrigibility\n-# Intermediate" in texts(read.response)
    assert "Deeper" in labels(read.response)

    back = await world.member.click(group.response, label="All groups")
    assert texts(back.response) == texts(shown.response)


async def test_menus_and_pages_work_after_a_restart(world: World) -> None:
    shown = await world.member.slash(world.channel, "topics")
    await world.restart()
    group = await world.member.select(shown.response, ["foundations"])
    count = sum("foundations" in item.tags for item in world.bot.services.answers.generation.concepts.values())
    assert count > TOPICS_PER_PAGE, "the small library has a group of two pages"
    assert "page 1 of" in texts(group.response)
    await world.restart()
    following = await world.member.click(group.response, label="Next")
    assert "page 2 of" in texts(following.response)
    before = await world.member.click(following.response, label="Previous")
    assert texts(before.response) == texts(group.response)


async def test_a_typo_is_asked_back_privately_and_one_press_opens_the_page(world: World) -> None:
    shown = await world.member.slash(world.channel, "topics", topic="corigibility")
    assert shown.ephemeral
    assert "Did you mean:" in texts(shown.response)
    await world.restart()
    read = await world.member.click(shown.response, label="Corrigibility")
    assert "## Corrigibility" in texts(read.response)
    offered = await world.member.autocomplete(world.channel, "topics", "topic", "corigib")
    assert [choice["value"] for choice in offered] == ["corrigibility"]


async def test_a_topic_that_is_named_is_for_all_to_read(world: World) -> None:
    shown = await world.member.slash(world.channel, "topics", topic="RLHF")
    assert not shown.ephemeral
    assert "## Reinforcement Learning" in texts(shown.response)


async def test_a_topic_is_shown_as_the_server_wants_answers_and_is_counted(world: World) -> None:
    other = world.guild.create_text_channel("other")
    chosen = ServerSettings(channels=(world.channel.id,), default_level=Level.BASIC)
    await world.bot.services.stores.servers.put(world.guild.id, chosen)
    shown = await world.member.slash(other, "topics", topic="corrigibility")
    assert shown.ephemeral
    assert "## Corrigibility\n-# Basic" in texts(shown.response)
    assert "Only you see this: in this server I answer everyone in" in texts(shown.response)
    path = await world.member.slash(world.channel, "path", topic="corrigibility")
    first = next(label for label in labels(path.response) if label.startswith("Read next"))
    read = await world.member.click(path.response, label=first)
    assert "\n-# Basic" in texts(read.response)
    await world.member.slash(world.channel, "topics", topic="how do I knit a wool sock with no needles?")
    stores = world.bot.services.stores
    served = await stores.served.since(datetime(2020, 1, 1, tzinfo=UTC))
    assert [row.how for row in served] == ["topics", "path", "topics"]
    assert served[0].slug == "corrigibility"

    async with world.bot.services.database.sessions.begin() as session:
        for table in ("preferences", "servers"):
            await session.execute(text(f"DROP TABLE {table}"))
    again = await world.member.slash(world.channel, "topics", topic="corrigibility")
    assert "## Corrigibility\n-# Intermediate" in texts(again.response), "a database that fails costs no page"


async def test_groups_and_pages_that_are_gone_are_no_dead_end(world: World) -> None:
    shown = await world.member.slash(world.channel, "topics")
    group = await world.member.select((await world.member.slash(world.channel, "topics")).response, ["goals"])
    concepts = world.bot.services.answers.generation.concepts
    for key in [key for key, item in concepts.items() if "goals" in item.tags]:
        concepts.pop(key)
    again = await world.member.select(shown.response, ["goals"])
    assert "topics\n" in texts(again.response), "the groups that there are"
    read = await world.member.select(group.response, ["corrigibility"])
    assert "no longer has this page" in (read.followups[0].content if read.followups else texts(read.response))


@pytest.mark.parametrize("words", HOSTILE)
def test_no_library_is_too_large_or_too_strange(words: str, api: ApiDescription | None) -> None:
    concepts = [concept(number, f"{words[:50]}{number % 63}", words) for number in range(1_000)]
    groups = groups_of(concepts)
    name, members = next(iter(groups.items()))
    many = {item.slug: item for item in [concept(0, "x", words), *(concept(i, "x", words) for i in range(1, 90))]}
    slugs = list(many)
    requires = {slug: slugs[place + 1 : place + 2] for place, slug in enumerate(slugs)}
    views = [
        overview({}),
        *(overview(groups, page) for page in (0, 1, 3, 9_999)),
        *(group_view(name, members, page) for page in (0, 1, 9_999)),
        group_view(name, concepts),
        suggestions_view(words[:100], concepts[:5]),
        path_suggestions(words[:100], concepts[25:30]),
        path_suggestions(words[:100], []),
        path_view(learning_path(slugs[0], requires, ()), many),
        path_view(learning_path(slugs[0], requires, slugs[40:]), many),
        path_view(learning_path(slugs[-1], requires, ()), many),
    ]
    for view in views:
        assert problems(view, api) == []
    assert len(groups) > GROUPS_PER_PAGE


def problems(view: ui.LayoutView, api: ApiDescription | None) -> list[str]:
    body = {"components": view.to_components(), "flags": 1 << 15}
    path = "/channels/1/messages"
    return limit_problems(path, body) + (api.problems("POST", path, body) if api else [])
