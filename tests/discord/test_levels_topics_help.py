from __future__ import annotations

import pytest
from discord import app_commands

from index.levels import Level
from tests.discord.conftest import World, labels, texts


@pytest.mark.parametrize("level", list(Level))
async def test_a_level_is_remembered_across_restarts_and_places(world: World, level: Level) -> None:
    result = await world.member.slash(world.channel, "level", level=level.value)
    assert result.ephemeral
    assert level.label in result.response.content  # type: ignore[union-attr]
    await world.restart()
    asked = await world.member.slash(world.channel, "ask", question="what is corrigibility")
    assert f"-# {level.label}" in texts(asked.response)
    await world.member.send_dm("what is corrigibility")
    assert f"-# {level.label}" in texts(world.member.user.dm_channel.last_message)


async def test_one_members_level_is_not_anothers(world: World) -> None:
    await world.member.slash(world.channel, "level", level="advanced")
    asked = await world.moderator.slash(world.channel, "ask", question="what is corrigibility")
    assert "-# Intermediate" in texts(asked.response)


async def test_seeing_ones_level(world: World) -> None:
    before = await world.member.slash(world.channel, "level")
    assert "not chosen a level yet" in before.response.content  # type: ignore[union-attr]
    await world.member.slash(world.channel, "level", level="advanced")
    after = await world.member.slash(world.channel, "level")
    assert "You chose **Advanced**" in after.response.content  # type: ignore[union-attr]


async def test_an_explicit_level_wins_and_is_not_remembered(world: World) -> None:
    await world.member.slash(world.channel, "level", level="advanced")
    asked = await world.member.slash(world.channel, "ask", question="what is corrigibility", level="basic")
    assert "-# Basic" in texts(asked.response)
    assert await world.bot.services.preferences.level(world.member.id) is Level.ADVANCED


async def test_the_questions_own_words_show_a_level_but_an_explicit_choice_wins(world: World) -> None:
    await world.member.slash(world.channel, "level", level="advanced")
    asked = await world.member.slash(world.channel, "ask", question="corrigibility, explain like I'm five")
    assert "-# Basic" in texts(asked.response)
    asked = await world.member.slash(
        world.channel, "ask", question="corrigibility, explain like I'm five", level="intermediate"
    )
    assert "-# Intermediate" in texts(asked.response)


async def test_topics_lists_every_group(world: World) -> None:
    result = await world.member.slash(world.channel, "topics")
    said = texts(result.response)
    generation = world.bot.services.answers.generation
    assert f"## {len(generation.rows_of_concept)} topics" in said
    for concept in generation.concepts.values():
        assert f"**{concept.tags[0].capitalize()}**" in said


async def test_topics_completes_titles_and_aliases(world: World) -> None:
    everything = await world.member.autocomplete(world.channel, "topics", "topic", "")
    assert len(everything) == 25
    by_title = await world.member.autocomplete(world.channel, "topics", "topic", "corrig")
    assert by_title[0]["value"] == "corrigibility"
    by_alias = await world.member.autocomplete(world.channel, "topics", "topic", "RLHF")
    assert "rlhf" in [choice["value"] for choice in by_alias]
    assert await world.member.autocomplete(world.channel, "topics", "topic", "zzzz") == []


@pytest.mark.parametrize("topic", ["corrigibility", "Corrigibility", "corrig"])
async def test_a_topic_is_opened_at_the_members_level(world: World, topic: str) -> None:
    await world.member.slash(world.channel, "level", level="basic")
    result = await world.member.slash(world.channel, "topics", topic=topic)
    said = texts(result.response)
    assert "## Corrigibility" in said
    assert "-# Basic" in said
    assert "You asked" not in said
    assert "Deeper" in labels(result.response)


async def test_an_unknown_topic_is_treated_as_a_question(world: World) -> None:
    result = await world.member.slash(world.channel, "topics", topic="pizza in Berlin")
    assert "does not cover this" in texts(result.response)


async def test_help_names_every_command_a_member_has(world: World) -> None:
    result = await world.member.slash(world.channel, "help")
    assert result.ephemeral
    said = texts(result.response)
    for command in world.bot.tree.get_commands():
        name = command.name if isinstance(command, app_commands.ContextMenu) else f"/{command.name}"
        assert name in said or name == "/help"


async def test_help_elsewhere_does_not_speak_of_moderators(world: World) -> None:
    guild = world.env.create_guild("Elsewhere")
    channel = guild.create_text_channel("talk")
    visitor = guild.add_member(world.env.create_user("visitor"))
    result = await visitor.slash(channel, "help")
    assert "/reindex" not in texts(result.response)


async def test_commands_work_in_direct_messages(world: World) -> None:
    user = world.member.user
    await user.send_dm("hello")
    for command, options in (("ask", {"question": "what is RLHF"}), ("topics", {}), ("help", {}), ("level", {})):
        result = await user.slash(command, **options)
        assert result.acknowledged
        assert result.response is not None


async def test_commands_are_published_only_when_they_changed(world: World) -> None:
    def syncs() -> int:
        return sum(item.method == "PUT" and item.path.endswith("/commands") for item in world.env.http_requests)

    assert syncs() == 1
    await world.restart()
    assert syncs() == 1
    (world.settings.state.path / "commands.sha256").write_text("of another version")
    await world.restart()
    assert syncs() == 2
