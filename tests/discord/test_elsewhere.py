"""Where the bot is no member: installed by a member for themselves, in a server that does not know it."""

from __future__ import annotations

from discord import app_commands

from tests.discord.conftest import World, labels, texts


async def test_installed_by_a_member_it_answers_in_a_server_that_does_not_know_it(world: World) -> None:
    guild = world.env.create_guild("Elsewhere")
    channel = guild.create_text_channel("talk")
    visitor = guild.add_member(world.env.create_user("visitor"))
    said = await visitor.send(channel, "what is corrigibility?")
    known = world.bot.get_guild(guild.id)
    assert known is not None
    # The simulation has no installs by members; what differs for the bot is that it does not know the server.
    world.bot._connection._remove_guild(known)  # noqa: SLF001

    asked = await visitor.slash(channel, "ask", question="what is corrigibility?")
    assert "## Corrigibility" in texts(asked.response)
    assert "Open a thread" not in labels(asked.response)
    for label in ("Deeper", "Read the whole page", "Back to the answer", "Related", "Back to the answer"):
        pressed = await visitor.click(asked.response, label=label)
        assert pressed.acknowledged
    assert "-# Advanced" in texts(asked.response)
    panel = await visitor.click(asked.response, label="Was this right?")
    thanked = await visitor.click(panel.response, label="Yes")
    assert thanked.acknowledged
    for menu in ("Explain this", "Explain the terms here"):
        result = await visitor.context_menu(channel, menu, said)
        assert "Corrigibility" in texts(result.response)
    why = await visitor.slash(channel, "why")
    assert why.response is not None


async def test_everything_for_members_can_be_installed_by_them_and_used_in_direct_messages(world: World) -> None:
    for name in ("ask", "why", "topics", "level", "help", "Explain this", "Explain the terms here"):
        command = next(item for item in world.bot.tree.get_commands() if item.name == name)
        assert isinstance(command, (app_commands.Command, app_commands.ContextMenu))
        payload = command.to_dict(world.bot.tree)
        assert payload["integration_types"] == [0, 1], name
        assert payload["contexts"] == [0, 1, 2], name
