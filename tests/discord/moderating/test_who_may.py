"""Who may do what to the library that every server reads: one answer for every command."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from sqlalchemy import text

from bot.storage.server_settings import ServerSettings
from tests.discord.conftest import World, texts
from tests.discord.moderating.conftest import allow_everyone

REFUSED = "nly moderators of this bot's home servers"
COMMANDS: dict[str, dict[str, Any]] = {
    "reindex": {"dry_run": True},
    "rollback": {},
    "history": {},
    "gaps": {},
    "stats": {},
}


@pytest.mark.parametrize("command", COMMANDS)
async def test_moderators_of_home_servers_and_the_owner_may_and_nobody_else(world: World, command: str) -> None:
    allow_everyone(world, command)
    helpers = world.guild.create_role("Helpers")
    helper = world.guild.add_member(world.env.create_user("helper"), roles=[helpers])
    servers = world.bot.services.stores.servers

    elsewhere = world.env.create_guild("Elsewhere")
    talk = elsewhere.create_text_channel("talk")
    admins = elsewhere.create_role("Admins", permissions=discord.Permissions(administrator=True))
    admin = elsewhere.add_member(world.env.create_user("admin"), roles=[admins])
    guest = world.guild.add_member(admin.user)
    await servers.put(elsewhere.id, ServerSettings(moderator_roles=(admins.id, helpers.id)))

    assert not await may(world.channel, world.member, command)
    assert not await may(world.channel, helper, command), "another server names nobody here"
    assert not await may(talk, admin, command)
    assert not await may(world.channel, guest, command), "an administrator elsewhere is a guest here"
    assert await may(world.channel, world.moderator, command)

    await servers.put(world.guild.id, ServerSettings(moderator_roles=(helpers.id, world.guild.id)))
    assert await may(world.channel, helper, command)
    assert not await may(world.channel, world.member, command), "everyone was named: that counts for nobody"
    await servers.put(world.guild.id, ServerSettings())
    assert not await may(world.channel, helper, command), "taken back, at once"

    world.bot.owner_id = world.member.id
    assert await may(world.channel, world.member, command)


@pytest.mark.parametrize("command", ["reindex", "rollback"])
async def test_a_database_that_fails_makes_nobody_a_moderator_and_no_moderator_less(world: World, command: str) -> None:
    allow_everyone(world, command)
    async with world.bot.services.database.sessions.begin() as session:
        await session.execute(text("DROP TABLE servers"))
    assert not await may(world.channel, world.member, command)
    assert not world.bot.services.rebuilder.running
    assert await may(world.channel, world.moderator, command)


async def may(channel: ChannelHandle, who: MemberActor, command: str) -> bool:
    """Say whether a command does its work; it is acknowledged either way."""
    result = await who.slash(channel, command, **COMMANDS[command])
    assert result.acknowledged
    said = "\n".join(texts(message) for message in (result.response, *result.followups) if message is not None)
    assert said
    return REFUSED not in said
