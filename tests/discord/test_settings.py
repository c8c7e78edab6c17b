from __future__ import annotations

from typing import Any

import discord
from simcord.actors import MemberActor, _component_interaction
from sqlalchemy import text

from bot.storage.server_settings import ServerSettings
from bot.views.settings_panel import Control
from index.levels import Level
from tests.discord.conftest import World, labels, texts

REFUSED = "Only members with Manage Server"


async def open_panel(world: World, who: MemberActor | None = None) -> Any:
    result = await (who or world.moderator).slash(world.channel, "settings")
    assert result.acknowledged
    assert result.ephemeral
    return result.response


async def remembered(world: World) -> ServerSettings:
    return await world.bot.services.stores.servers.of(world.guild.id)


def control(world: World, field: str, value: str = "") -> str:
    return str(Control(world.guild.id, field, value))


async def test_a_moderator_chooses_everything_and_it_outlives_a_restart(world: World) -> None:
    other = world.guild.create_text_channel("other")
    helpers = world.guild.create_role("Helpers")
    panel = await open_panel(world)
    said = texts(panel)
    assert "How I behave in Home" in said
    assert "everyone in the channel sees them" in said
    moderator = world.moderator
    await moderator.select(panel, ["basic"], custom_id=control(world, "default_level"))
    await moderator.select(panel, ["de"], custom_id=control(world, "default_language"))
    await moderator.select(panel, [world.channel, other], custom_id=control(world, "channels"))
    await world.restart()
    await moderator.select(panel, [helpers], custom_id=control(world, "moderator_roles"))
    # The panel speaks the server's language by now.
    for label in ("Nur für Fragende", "Nicht beantworten", "Threads nutzen", "Alle dürfen drücken"):
        pressed = await moderator.click(panel, label=label)
        assert pressed.acknowledged
    assert await remembered(world) == ServerSettings(
        default_level=Level.BASIC,
        default_language="de",
        channels=(world.channel.id, other.id),
        private_answers=True,
        answer_mentions=False,
        threads=True,
        anyone_may_press=True,
        moderator_roles=(helpers.id,),
    )
    await world.restart()
    again = texts(await open_panel(world))
    assert "nur wer fragt, sieht sie" in again
    assert "alle können die Antwort an Ort und Stelle ändern" in again


async def test_choices_can_be_taken_back(world: World) -> None:
    helpers = world.guild.create_role("Helpers")
    chosen = ServerSettings(default_level=Level.BASIC, channels=(world.channel.id,), moderator_roles=(helpers.id,))
    await world.bot.services.stores.servers.put(world.guild.id, chosen)
    panel = await open_panel(world)
    await world.moderator.select(panel, ["default"], custom_id=control(world, "default_level"))
    await world.moderator.select(panel, [], custom_id=control(world, "channels"))
    assert await remembered(world) == ServerSettings(moderator_roles=(helpers.id,))
    await world.moderator.click(panel, label="Leave mentions alone")
    await world.moderator.click(panel, label="Back to the defaults")
    assert await remembered(world) == ServerSettings(moderator_roles=(helpers.id,)), "who is a moderator stays"
    await world.moderator.select(panel, [], custom_id=control(world, "moderator_roles"))
    assert await remembered(world) == ServerSettings()


async def test_a_member_is_refused_until_their_role_is_named_and_never_names_roles(world: World) -> None:
    helpers = world.guild.create_role("Helpers")
    helper = world.guild.add_member(world.env.create_user("helper"), roles=[helpers])
    for who in (world.member, helper):
        assert REFUSED in texts(await open_panel(world, who))
    await world.moderator.select(await open_panel(world), [helpers], custom_id=control(world, "moderator_roles"))
    panel = await open_panel(world, helper)
    assert "Members with Manage Server choose these" in texts(panel)
    await helper.click(panel, label="Use threads")
    assert (await remembered(world)).threads
    assert REFUSED in texts(await open_panel(world, world.member))

    # Demoted while the panel is open: what was shown then is no permission now.
    await world.moderator.select(await open_panel(world), [], custom_id=control(world, "moderator_roles"))
    pressed = await helper.click(panel, label="Stay in the channel")
    assert REFUSED in pressed.followups[0].content
    assert (await remembered(world)).threads

    world.bot.owner_id = world.member.id
    await world.member.click(await open_panel(world, world.member), label="Stay in the channel")
    assert not (await remembered(world)).threads, "the bot's owner may"


FORGED = [
    ("fathom:settings:77:threads:on", [], "belongs to another server"),
    ("fathom:settings:{guild}:nonsense:on", [], "do not know this choice"),
    ("fathom:settings:{guild}:default_level", ["expert"], "do not know this choice"),
    ("fathom:settings:{guild}:moderator_roles", ["{guild}"], "everyone cannot be a moderator"),
]


async def test_a_forged_press_changes_nothing(world: World) -> None:
    """What no client would send: a control with a custom_id, and a choice, made up."""
    panel = await open_panel(world)
    stored = world.env.backend.get_message(panel.channel_id, panel.id)
    for template, choices, said in FORGED:
        custom_id, *values = (text.replace("{guild}", str(world.guild.id)) for text in (template, *choices))
        kind = 6 if "roles" in custom_id else 3 if values else 2
        made_up = {"type": kind, "custom_id": custom_id, "label": "x", "style": 1, "options": []}
        stored.components = [{"type": 1, "components": [made_up]}]
        data = {"custom_id": custom_id, "component_type": kind, "values": values}
        pressed = await _component_interaction(world.moderator, stored, data)
        assert pressed.acknowledged
        assert said in pressed.followups[0].content.replace("\u200b", "")
        assert await remembered(world) == ServerSettings()


async def test_a_moderator_of_another_server_changes_only_their_own(world: World) -> None:
    guild = world.env.create_guild("Elsewhere")
    channel = guild.create_text_channel("talk")
    role = guild.create_role("Admins", permissions=discord.Permissions(administrator=True))
    stranger = guild.add_member(world.env.create_user("stranger"), roles=[role])
    result = await stranger.slash(channel, "settings")
    assert "How I behave in Elsewhere" in texts(result.response)
    await stranger.click(result.response, label="Use threads")
    servers = world.bot.services.stores.servers
    assert (await servers.of(guild.id)).threads
    assert await remembered(world) == ServerSettings()


async def test_what_a_server_no_longer_has_breaks_nothing_and_leaving_it_deletes_its_settings(world: World) -> None:
    servers = world.bot.services.stores.servers
    await servers.put(world.guild.id, ServerSettings(channels=(1, 2), moderator_roles=(3,), default_language="xx"))
    assert "Back to the defaults" in labels(await open_panel(world))

    await servers.put(5, ServerSettings(threads=True))
    me = world.guild.me
    assert me is not None
    await me.guild.leave()
    await world.env.settle()
    assert await servers.of(world.guild.id) == ServerSettings()
    assert (await servers.of(5)).threads


async def test_a_database_that_fails_is_told_kindly(world: World) -> None:
    panel = await open_panel(world)
    async with world.bot.services.database.sessions.begin() as session:
        await session.execute(text("ALTER TABLE servers RENAME TO lost"))
    pressed = await world.moderator.click(panel, label="Use threads")
    assert "did not work, and it was not you" in pressed.followups[0].content
