from __future__ import annotations

from bot.storage.server_settings import ServerSettings
from tests.discord.conftest import World, labels, texts


async def test_explain_this_answers_a_message_as_the_server_wants_it(world: World) -> None:
    said = await world.moderator.send(world.channel, "why would a robot mind being switched off?")
    result = await world.member.context_menu(world.channel, "Explain this", said)
    assert result.acknowledged
    assert not result.ephemeral
    assert "You asked: why would a robot mind being switched off?" in texts(result.response)
    assert "Was this right?" in labels(result.response)

    await world.bot.services.stores.servers.put(world.guild.id, ServerSettings(private_answers=True))
    result = await world.member.context_menu(world.channel, "Explain this", said)
    assert result.ephemeral
    assert "You asked: why would" in texts(result.response)
    # An answer of the bot stands for the question that it answers.
    answer = world.channel.history(viewer=world.moderator)[-1]
    result = await world.moderator.context_menu(world.channel, "Explain this", answer)
    assert "You asked: why would" in texts(result.response)

    silent = await world.moderator.send(world.channel, attachments=[("cat.png", b"x")])
    for menu in ("Explain this", "Explain the terms here"):
        result = await world.member.context_menu(world.channel, menu, silent)
        assert result.ephemeral
        assert "no words that I could explain" in texts(result.response)


async def test_explain_the_terms_here_lists_them_and_opens_each_beside_the_list(world: World) -> None:
    said = await world.moderator.send(
        world.channel, "Mesa-optimizers could be deceptive, and corrigiblity or RLHF would not save us from wireheading"
    )
    result = await world.member.context_menu(world.channel, "Explain the terms here", said)
    assert result.ephemeral
    listed = texts(result.response)
    generation = world.bot.services.answers.generation
    for slug in ("mesa-optimizers", "corrigibility", "rlhf", "wireheading"):
        concept = generation.concept(slug)
        assert concept is not None
        assert f"**{concept.title}**" in listed.replace("\\", "")
        assert concept.title in labels(result.response)
    await world.restart()
    opened = await world.member.click(result.response, label="Corrigibility")
    assert opened.ephemeral
    assert "## Corrigibility" in texts(opened.response)
    assert texts(result.response) == listed, "the list stays"

    said = await world.moderator.send(world.channel, "who brings the cake tomorrow?")
    result = await world.member.context_menu(world.channel, "Explain the terms here", said)
    assert "none of the terms" in texts(result.response)
    assert 1 <= len(labels(result.response)) <= 5


async def test_marked_terms_in_a_mention_get_a_card(world: World) -> None:
    me = world.bot.user
    assert me is not None
    await world.member.send(world.channel, f"<@{me.id}> what are [[RLHF]], [[goodharts lwa]] and [[pizza @everyone]]?")
    card = world.channel.last_message
    said = texts(card).replace("\\", "")
    assert "## 2 terms explained" in said
    assert "**Goodhart's Law**: " in said.replace("’", "'")
    assert "I have no page on “pizza @\u200beveryone”." in said
    first = labels(card)[0]
    opened = await world.member.click(card, label=first)
    assert opened.acknowledged
    assert f"## {first}" in texts(world.channel.last_message).replace("\\", "")

    await world.member.send_dm(" ".join(f"[[unknown thing {number}]]" for number in range(7)))
    said = texts(world.member.user.dm_channel.last_message)
    assert said.count("I have no page on") == 5
    assert "And 2 more" in said
