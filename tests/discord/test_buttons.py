from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord
from simcord.actors import _component_interaction

from bot.answer import Question
from bot.storage.server_settings import ServerSettings
from bot.views.answer_view import answer_view
from bot.views.custom_ids import Action, ButtonState
from index.levels import Level
from tests.discord.conftest import World, labels, texts
from tests.discord.judge import walk


async def ask(world: World, question: str = "what is corrigibility", level: str = "basic") -> Any:
    result = await world.member.slash(world.channel, "ask", question=question, level=level)
    assert result.response is not None
    return result.response


async def test_deeper_and_simpler_edit_in_place(world: World) -> None:
    answer = await ask(world)
    count = len(world.channel.history())
    for label, expected in (
        ("Deeper", "Intermediate"),
        ("Deeper", "Advanced"),
        ("Simpler", "Intermediate"),
        ("Simpler", "Basic"),
    ):
        pressed = await world.member.click(answer, label=label)
        assert pressed.acknowledged
        now = world.channel.last_message
        assert now is not None
        assert now.id == answer.id
        assert f"-# {expected}" in texts(now)
        assert "You asked: what is corrigibility" in texts(now)
    assert len(world.channel.history()) == count


async def test_sources_and_back(world: World) -> None:
    answer = await ask(world)
    basic = texts(world.channel.last_message)
    await world.member.click(answer, label=next(label for label in labels(answer) if label.startswith("Sources")))
    sources = texts(world.channel.last_message)
    assert "-# Sources" in sources
    assert sources.count("](http") >= 3
    await world.member.click(answer, label="Back to the answer")
    assert texts(world.channel.last_message) == basic


async def test_buttons_work_after_a_restart(world: World) -> None:
    answer = await ask(world)
    await world.restart()
    pressed = await world.member.click(answer, label="Deeper")
    assert pressed.acknowledged
    assert "-# Intermediate" in texts(world.channel.last_message)


async def test_an_answer_of_the_first_version_works_months_later(world: World) -> None:
    answer = await ask(world)
    stored = world.env.backend.get_message(answer.channel_id, answer.id)
    for item in walk(stored.components):
        if "custom_id" in item:
            # The first version wrote down neither the page's digest nor who chose the depth.
            item["custom_id"] = item["custom_id"].partition("+")[0]
    await world.restart()
    deeper = next(item for item in walk(stored.components) if item.get("label") == "Deeper")
    data = {"custom_id": deeper["custom_id"], "component_type": 2}
    pressed = await _component_interaction(world.member, stored, data)
    assert pressed.acknowledged
    assert "-# Intermediate" in texts(world.channel.last_message)
    assert "has changed since" not in texts(world.channel.last_message), "nobody knows what it was like then"


async def test_pressing_does_not_change_the_saved_level_until_the_member_says_so(world: World) -> None:
    await world.member.slash(world.channel, "level", level="basic")
    answer = await ask(world, level="basic")
    assert "Make this my level" not in labels(answer)
    await world.member.click(answer, label="Deeper")
    preferences = world.bot.services.preferences
    assert await preferences.level(world.member.id) is Level.BASIC

    chosen = await world.member.click(answer, label="Make this my level")
    assert chosen.ephemeral
    assert "From now on you get **Intermediate**" in texts(chosen.response)
    assert await preferences.level(world.member.id) is Level.INTERMEDIATE
    await world.member.click(answer, label="Simpler")
    await world.member.click(answer, label="Deeper")
    assert "Make this my level" not in labels(answer), "it is theirs already"


async def test_related_shows_what_to_understand_first_and_opens_it(world: World) -> None:
    answer = await ask(world)
    before = texts(world.channel.last_message)
    await world.member.click(answer, label="Related")
    related = world.channel.last_message
    said = texts(related)
    assert related is not None
    assert related.id == answer.id
    corrigibility = world.bot.services.answers.generation.concept("corrigibility")
    assert corrigibility is not None
    assert said.index("To understand first") < said.index("**Related**")
    titles = [world.bot.services.answers.generation.concept(slug).title for slug in corrigibility.requires]  # type: ignore[union-attr]
    assert titles == labels(answer)[: len(titles)]
    await world.member.click(answer, label="Back to the answer")
    assert texts(world.channel.last_message) == before
    await world.member.click(answer, label="Related")
    await world.restart()
    await world.member.click(answer, label=titles[0])
    opened = texts(world.channel.last_message)
    assert f"## {titles[0]}" in opened
    assert "-# Basic" in opened
    assert "You asked" not in opened, "the page opened is not the answer to that question"


async def test_the_whole_depth_can_be_read_page_by_page(world: World) -> None:
    answer = await ask(world, level="advanced")
    before = texts(world.channel.last_message)
    assert "more passages on this page" in before
    assert "Read the whole page" in labels(answer)
    await world.member.click(answer, label="Read the whole page")
    read, links = [texts(world.channel.last_message)], set()
    assert "Previous page" not in labels(answer)
    while "Next page" in labels(answer):
        await world.member.click(answer, label="Next page")
        read.append(texts(world.channel.last_message))
    assert len(read) >= 2
    assert f"-# Page {len(read)} of {len(read)}." in read[-1]
    generation = world.bot.services.answers.generation
    for row in generation.rows_of_concept["corrigibility"]:
        passage = generation.passages[row]
        if passage.level is Level.ADVANCED and passage.url:
            links.add(passage.url)
    assert links
    assert all(any(f"({link})" in page for page in read) for link in links), "no link is lost"
    await world.member.click(answer, label="Previous page")
    assert texts(world.channel.last_message) == read[-2]
    await world.member.click(answer, label="Back to the answer")
    assert texts(world.channel.last_message) == before


async def test_a_page_that_has_changed_since_is_said_so_once(world: World) -> None:
    services = world.bot.services
    answer = await services.answers.show("corrigibility", Question("what is it?", Level.BASIC))
    assert answer is not None
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    old = await channel.send(view=answer_view(replace(answer, digest="0123ab"), world.member.id))
    await world.member.click(old, label="Deeper")
    assert "This page has changed since" in texts(world.channel.last_message)
    await world.member.click(old, label="Simpler")
    assert "This page has changed since" not in texts(world.channel.last_message)

    # Ids of the first version say nothing about the page, and go on working.
    view = discord.ui.LayoutView(timeout=None)
    old_id = f"fathom:1:show:advanced:en:{world.member.id}:corrigibility"
    view.add_item(discord.ui.ActionRow(discord.ui.Button(label="Deeper", custom_id=old_id)))
    older = await channel.send(view=view)
    await world.member.click(older, label="Deeper")
    said = texts(world.channel.last_message)
    assert "## Corrigibility\n-# Advanced" in said
    assert "has changed since" not in said


async def test_anyone_may_press_where_moderators_say_so(world: World) -> None:
    await world.bot.services.stores.servers.put(world.guild.id, ServerSettings(anyone_may_press=True))
    answer = await ask(world)
    pressed = await world.moderator.click(answer, label="Deeper")
    assert not pressed.ephemeral
    now = world.channel.last_message
    assert now is not None
    assert now.id == answer.id
    assert "-# Intermediate" in texts(now)
    ids = [item["custom_id"] for item in walk(answer.components) if "custom_id" in item]
    assert all(f":{world.member.id}:" in item for item in ids), "it is still the asker's"


async def test_someone_else_gets_a_private_copy(world: World) -> None:
    answer = await ask(world)
    before = texts(world.channel.last_message)
    pressed = await world.moderator.click(answer, label="Deeper")
    assert pressed.acknowledged
    assert pressed.ephemeral
    assert "-# Intermediate" in texts(pressed.response)
    assert texts(world.channel.history(viewer=world.member)[-1]) == before


async def test_a_page_that_is_gone_is_said_so(world: World) -> None:
    answer = await ask(world)
    generation = world.bot.services.answers.generation
    generation.rows_of_concept.pop("corrigibility")
    pressed = await world.member.click(answer, label="Deeper")
    assert pressed.acknowledged
    assert "no longer has this page" in pressed.followups[0].content


def test_forged_ids_are_not_ours() -> None:
    good = str(ButtonState(Action.SHOW, Level.BASIC, "en", 1, "corrigibility"))
    assert ButtonState.parse(good) is not None
    forged = [
        good.replace("show", "delete"),
        good.replace("basic", "expert"),
        good + "x" * 80,
        good.replace(":1:", ":2:"),
        good.replace("corrigibility", "../etc/passwd"),
        "",
        "fathom",
    ]
    assert [ButtonState.parse(item) for item in forged] == [None] * len(forged)
