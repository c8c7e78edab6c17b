from __future__ import annotations

import pytest

from bot.config import Settings
from index.levels import Level
from index.library import read_library
from tests.discord.conftest import World, labels, texts


async def test_asking_gives_the_page_at_the_level_asked_for(world: World) -> None:
    result = await world.member.slash(world.channel, "ask", question="what is instrumental convergence", level="basic")
    assert result.acknowledged
    assert result.response is not None
    said = texts(result.response)
    assert "## Instrumental Convergence" in said
    assert "Basic" in said
    assert "You asked: what is instrumental convergence" in said
    page = read_library(world.settings.knowledge.path).page("instrumental-convergence")
    assert page is not None
    for block in page.tiers[Level.BASIC].blocks:
        assert block.text in said.replace("**", ""), "the page's own words, unaltered"
    assert "en/instrumental\\-convergence\\.md, lines" in said
    expected = ["Deeper", f"Sources ({len(page.sources)})", "Related", "Was this right?", "Open a thread"]
    assert labels(result.response) == expected


async def test_advanced_says_what_the_references_say(world: World) -> None:
    result = await world.member.slash(world.channel, "ask", question="goal misgeneralization", level="advanced")
    said = texts(result.response)
    assert "Advanced" in said
    assert "](https://arxiv.org/abs/" in said
    assert "et al\\.," in said
    assert labels(result.response)[0] == "Simpler"


async def test_without_a_level_the_default_is_used(world: World) -> None:
    result = await world.member.slash(world.channel, "ask", question="what is corrigibility")
    assert "-# Intermediate" in texts(result.response)


async def test_what_the_library_does_not_cover_is_said_so(world: World) -> None:
    result = await world.member.slash(
        world.channel, "ask", question="who are the people on the EU AI Office's scientific panel?"
    )
    said = texts(result.response)
    assert "The library does not cover this" in said
    offered = labels(result.response)
    assert 2 <= len(offered) <= 6
    assert offered[-1] == "Why no answer?"
    followed = await world.member.click(result.response, label=offered[0])
    assert followed.acknowledged
    assert f"## {offered[0].split(' (')[0]}" in texts(world.channel.last_message).replace("\\", "")


async def test_what_nothing_comes_near_gets_no_topics_but_a_way_to_go_on(world: World) -> None:
    result = await world.member.slash(world.channel, "ask", question="how do I bake bread?")
    said = texts(result.response)
    assert "The library does not cover this" in said
    assert "Nothing here comes near it" in said
    assert "`/topics`" in said
    assert "nearest topics" not in said
    assert labels(result.response) == ["Why no answer?"]


async def test_a_mention_is_answered_with_a_reply_that_pings_nobody(world: World) -> None:
    question = await world.member.send(world.channel, f"<@{world.bot.user.id}> what is RLHF?")  # type: ignore[union-attr]
    answer = world.channel.last_message
    assert answer is not None
    assert answer.reference is not None
    assert answer.reference.message_id == question.id
    assert "Reinforcement Learning from Human Feedback" in texts(answer)
    assert answer.mentions == []


@pytest.mark.parametrize("text", ["what is RLHF?", "@everyone what is RLHF?", "hello all"])
async def test_other_messages_are_left_alone(world: World, text: str) -> None:
    before = len(world.channel.history())
    await world.member.send(world.channel, text)
    assert len(world.channel.history()) == before + 1


async def test_a_mention_without_a_question_says_how_to_ask(world: World) -> None:
    await world.member.send(world.channel, f"<@{world.bot.user.id}>")  # type: ignore[union-attr]
    assert "Ask in your own words" in texts(world.channel.last_message)


async def test_a_direct_message_is_answered(world: World) -> None:
    await world.member.send_dm("what is goodhart's law?")
    assert "Goodhart" in texts(world.member.user.dm_channel.last_message)


async def test_a_follow_up_in_a_direct_message_is_understood(world: World) -> None:
    await world.member.send_dm("what is corrigibility?")
    await world.member.send_dm("why?")
    assert "## Corrigibility" in texts(world.member.user.dm_channel.last_message)


async def test_a_reply_to_an_answer_continues_its_conversation(world: World) -> None:
    me = world.bot.user
    assert me is not None
    await world.member.send(world.channel, f"<@{me.id}> what is corrigibility?")
    answer = world.channel.last_message
    assert answer is not None
    await world.member.send(world.channel, f"<@{me.id}> can you give an example?", reply_to=answer)
    assert "## Corrigibility" in texts(world.channel.last_message)


async def test_another_bot_is_never_answered(world: World) -> None:
    other = world.guild.add_member(world.env.create_user("robot", bot=True))
    before = len(world.channel.history())
    await other.send(world.channel, f"<@{world.bot.user.id}> what is RLHF?")  # type: ignore[union-attr]
    assert len(world.channel.history()) == before + 1


async def test_where_the_bot_may_not_speak_nothing_breaks(world: World) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=403)
    await world.member.send(world.channel, f"<@{world.bot.user.id}> what is RLHF?")  # type: ignore[union-attr]
    assert world.env.errors == []


async def test_without_any_index_it_says_that_it_is_reading(world: World, settings: Settings) -> None:
    (settings.state.path / "current").unlink()
    for folder in (settings.state.path / "generations").iterdir():
        (folder / "seal").write_text("damaged")
    await world.restart()
    result = await world.member.slash(world.channel, "ask", question="what is RLHF?")
    assert "still reading the library" in texts(result.response)
    topics = await world.member.slash(world.channel, "topics")
    assert "still reading the library" in texts(topics.response)
    assert await world.member.autocomplete(world.channel, "topics", "topic", "a") == []
