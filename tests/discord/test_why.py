from __future__ import annotations

from index.levels import Level
from tests.discord.conftest import World, texts

SCORES = "Candidates and their scores"


async def test_why_says_what_was_considered_how_sure_it_is_and_who_chose_the_depth(world: World) -> None:
    nothing = await world.member.slash(world.channel, "why")
    assert "I see no answer to you" in texts(nothing.response)

    await world.bot.services.preferences.set_level(world.member.id, Level.BASIC)
    await world.member.slash(world.channel, "ask", question="what is corrigibility")
    result = await world.member.slash(world.channel, "why")
    assert result.ephemeral
    said = texts(result.response)
    assert "You asked: what is corrigibility" in said
    assert "1. Corrigibility: " in said
    assert "2. " in said
    assert "at least the 50% that I ask for; so I answer" in said
    assert "**Runner-up:** " in said
    assert "**Depth:** Basic: it is the level that the one who asked chose with `/level`" in said

    for question, level, reason in (
        ("what is corrigibility", "advanced", "it was asked for with the command's `level` option"),
        ("corrigibility, explain like I'm five", None, "the words of the question ask for it"),
    ):
        options = {"question": question, **({"level": level} if level else {})}
        await world.member.slash(world.channel, "ask", **options)
        result = await world.member.slash(world.channel, "why")
        assert reason in texts(result.response)
    others = await world.moderator.slash(world.channel, "why")
    assert "I see no answer to you" in texts(others.response)


async def test_why_from_the_panel_and_why_there_is_no_answer(world: World) -> None:
    answer = (await world.member.slash(world.channel, "ask", question="what is corrigibility")).response
    await world.member.click(answer, label="Deeper")
    panel = (await world.moderator.click(answer, label="Was this right?")).response
    why = await world.moderator.click(panel, label="Why this answer?")
    assert why.ephemeral
    assert "**Depth:** Advanced: a button under the answer was pressed" in texts(why.response)

    refused = (await world.member.slash(world.channel, "ask", question="best pizza in Berlin?")).response
    why = await world.member.click(refused, label="Why no answer?")
    assert why.ephemeral
    assert SCORES in texts(why.response)
    assert "below the 50% that I ask for" in texts(why.response)


async def test_why_knows_the_conversation_that_an_answer_belongs_to(world: World) -> None:
    await world.member.send_dm("what is corrigibility?")
    await world.member.send_dm("can you give an example?")
    result = await world.member.user.slash("why")
    assert "1. Corrigibility: " in texts(result.response)
