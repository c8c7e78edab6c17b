from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from index.levels import Level
from tests.discord.conftest import World, labels, texts
from tests.discord.small_library import encoder, library_content, library_state, query_encoder  # noqa: F401


async def test_a_new_member_sees_that_nothing_is_kept_and_what_would_be(world: World) -> None:
    shown = await world.member.slash(world.channel, "privacy")
    assert shown.ephemeral
    said = texts(shown.response).replace("\\", "")
    for store in world.bot.services.stores:
        assert store.holds.what[1:] in said
        assert f"kept {store.holds.kept}" in said
    assert said.count("- nothing") == sum(store.holds.personal for store in world.bot.services.stores)
    assert labels(shown.response) == [], "there is nothing to delete"


async def test_everything_is_shown_and_deleted_after_a_second_thought(world: World) -> None:
    await world.member.slash(world.channel, "level", level="advanced")
    stores = world.bot.services.stores
    await stores.learning.mark(world.member.id, "rlhf")
    await stores.learning.mark(world.moderator.id, "rlhf")
    shown = await world.member.slash(world.channel, "privacy")
    said = texts(shown.response)
    assert "level\\: advanced" in said
    assert "understood\\: rlhf" in said

    asked = await world.member.click(shown.response, label="Delete everything about me")
    assert "Delete everything about you?" in texts(asked.response)
    kept = await world.member.click(asked.response, label="No, keep it")
    assert texts(kept.response) == said
    assert await stores.preferences.level(world.member.id) is Level.ADVANCED

    await world.restart()
    stores = world.bot.services.stores
    asked = await world.member.click(kept.response, label="Delete everything about me")
    deleted = await world.member.click(asked.response, label="Yes, delete it")
    assert "I have deleted everything" in texts(deleted.response)
    assert [await store.about(world.member.id) for store in stores] == [()] * len(list(stores))
    assert await stores.learning.understood(world.moderator.id) == {"rlhf"}
    again = await world.member.slash(world.channel, "privacy")
    assert "advanced" not in texts(again.response)


async def test_much_is_shown_on_pages(world: World) -> None:
    learning = world.bot.services.stores.learning
    slugs = [f"a-rather-long-name-of-a-concept-{number:03}" for number in range(100)]
    for slug in slugs:
        await learning.mark(world.member.id, slug)
    shown = await world.member.slash(world.channel, "privacy")
    said = [texts(shown.response)]
    message = shown.response
    while "Next" in labels(message):
        message = (await world.member.click(message, label="Next")).response
        said.append(texts(message))
    everything = "\n".join(said).replace("\\", "")
    assert all(slug in everything for slug in slugs)
    assert "Delete everything about me" in labels(message)


async def test_a_database_that_fails_is_said_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.bot.services.stores.learning.mark(world.member.id, "rlhf")
    shown = await world.member.slash(world.channel, "privacy")
    asked = await world.member.click(shown.response, label="Delete everything about me")

    async def fails(*_: object) -> None:
        raise OperationalError("delete", {}, Exception("disk full"))

    monkeypatch.setattr(type(world.bot.services.stores.learning), "forget", fails)
    pressed = await world.member.click(asked.response, label="Yes, delete it")
    assert "cannot reach my notes" in pressed.followups[0].content
    assert "Deleted" not in texts(asked.response)
