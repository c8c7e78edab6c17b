"""`python -m bot demo`: the real bot in a browser page that looks like Discord, offline, without a token."""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bot.client import FathomBot
from bot.config import Settings
from bot.extras import require_extra
from bot.local_answers import open_explainer
from bot.progress_bar import progress_bar
from bot.run import make_services

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from simcord import Env
    from simcord.actors import MemberActor
    from simcord.builders import ChannelHandle

HOME_GUILD = 1_100_000_000_000_000_000
_SETTLE_SECONDS = 120.0


def run_demo(settings: Settings, *, port: int) -> None:
    """Serve the page until Ctrl+C.

    Raises:
        MissingExtraError: simcord is not installed.
    """
    require_extra("demo", "simcord", "markdown_it", "PIL")
    logging.getLogger("simcord").setLevel(logging.ERROR)
    with progress_bar() as on_progress:
        open_explainer(settings, on_progress)
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(settings, port))


async def _serve(settings: Settings, port: int) -> None:
    import simcord

    running: list[Env] = []

    async def wait(awaitable: Awaitable[Any]) -> Any:
        return await running[0].external_wait(awaitable, reason="a rebuild in a child process")

    home = settings.discord.model_copy(update={"home_guilds": (*settings.discord.home_guilds, HOME_GUILD)})
    services = await make_services(settings.model_copy(update={"discord": home}), wait=wait)
    await services.answers.reload()
    # The demo's Discord is new each time, so its commands must be published each time.
    bot = FathomBot(services, publish_always=True)
    async with simcord.run(bot, shard_count=1, check_errors=False, settle_timeout=_SETTLE_SECONDS) as env:
        running.append(env)
        channel, viewers = await populate(env)
        async with env.preview(channel, viewers=viewers, layout="channel", port=port) as preview:
            sys.stdout.write(
                f"\nFathom is in the channel. Open {preview.url}\nType / to see the commands. Ctrl+C ends.\n"
            )
            sys.stdout.flush()
            await preview.wait_closed()


async def populate(env: Env) -> tuple[ChannelHandle, list[MemberActor]]:
    """Make a small reading group: a server, a channel, three people, and a first answer to look at."""
    import discord

    env.backend.bot_user.name = "Fathom"
    guild = env.create_guild("AI Safety Reading Group", id=HOME_GUILD)
    channel = guild.create_text_channel("ask-fathom")
    moderators = guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    maya = guild.add_member(env.create_user("maya", global_name="Maya"))
    jonas = guild.add_member(env.create_user("jonas", global_name="Jonas"))
    lin = guild.add_member(env.create_user("lin", global_name="Lin (moderator)"), roles=[moderators])
    await jonas.send(channel, "Week 3 is on goals. I still do not get why an AI would mind being switched off?")
    await maya.slash(channel, "ask", question="why would an AI resist being switched off?", level="basic")
    return channel, [maya, jonas, lin]
