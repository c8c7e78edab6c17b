"""`python -m bot run`: the bot from start to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import discord

from bot import heartbeat
from bot.answer_service import AnswerService
from bot.client import FathomBot
from bot.config import Settings
from bot.deeds import By, note_build
from bot.delivery import deliver_reliably
from bot.intake import guard
from bot.library_watch import follow_index, rebuild_if_due, watch_folder
from bot.limits import Limits
from bot.logs.setup import set_up_logs
from bot.progress_bar import progress_bar
from bot.rebuild import RebuildBusyError, Rebuilder, RebuildError, Wait, simply
from bot.secrets import Secrets
from bot.services import Services
from bot.shard_range import ShardRange
from bot.stopping import stop, stop_signal, stop_while_starting
from bot.storage.database import database_url
from bot.storage.patience import open_patiently
from bot.storage.stores import Stores
from bot.watching.watch import start_watching
from index.embedding import find_model
from index.model_memory import remembered_model
from index.serving_form import load_encoder

_log = logging.getLogger(__name__)
_SECONDS_BETWEEN_LOOKS = 2.0
_LOGIN_HELP = """DISCORD_TOKEN is not set, and the bot cannot log in without it. To get one:
  1. Open https://discord.com/developers/applications and press New Application.
  2. Under Bot, press Reset Token and copy it. No privileged intent is needed.
  3. Under Installation, Guild Install, add the scope `bot` with the permissions Send Messages, Read Message
     History, Create Public Threads and Send Messages in Threads; then open the install link above it, and add the
     bot to your server.
  4. Start again with: DISCORD_TOKEN=... python -m bot run
To try the bot without a token: python -m bot demo"""


class StartError(Exception):
    """The bot cannot start; the message says what the operator can do."""


async def make_services(settings: Settings, *, wait: Wait = simply) -> Services:
    """Wire what the bot is made of; the model is found and checked, but not loaded yet."""
    model = await asyncio.to_thread(find_model, settings.model.name, memory=remembered_model(settings.state.path))
    database = await open_patiently(database_url(settings.state.path))
    return Services(
        settings=settings,
        answers=AnswerService(
            settings.state.path,
            lambda generation: load_encoder(generation, model),
            threshold=settings.answers.threshold,
            longest_wait=settings.limits.longest_wait,
        ),
        rebuilder=Rebuilder(settings, wait=wait, turn=database.peers.build_turn),
        database=database,
        stores=Stores.over(database.sessions),
        limits=Limits(settings.limits),
    )


def run_bot(
    settings: Settings,
    *,
    shards: ShardRange | None = None,
    services: Callable[[Settings], Awaitable[Services]] = make_services,
    client: Callable[..., FathomBot] = FathomBot,
) -> None:
    """Run until the process is asked to stop.

    Args:
        settings: what the operator set.
        shards: those that this process runs, beside other processes; None for all.
        services: wires what the bot works with.
        client: makes the bot from the services, and from discord.py's options.

    Raises:
        StartError: the token is missing or refused, Discord cannot be reached, or there is no index and none
            can be built.
    """
    token = Secrets().discord_token
    if token is None or not token.get_secret_value().strip():
        raise StartError(_LOGIN_HELP)
    stop_while_starting()
    set_up_logs(settings.logs.format)
    try:
        asyncio.run(_run(settings, token.get_secret_value().strip(), shards, services, client))
    except discord.LoginFailure:
        raise StartError(
            "Discord refused the token in DISCORD_TOKEN; copy it anew from the developer portal, under Bot"
        ) from None
    except (discord.PrivilegedIntentsRequired, discord.ConnectionClosed) as error:
        raise StartError(
            f"Discord refuses the connection ({error}); look at the bot's page in the developer portal"
        ) from error
    except (aiohttp.ClientError, discord.DiscordServerError, discord.GatewayNotFound, TimeoutError) as error:
        raise StartError(f"Discord cannot be reached ({type(error).__name__}); start again in a while") from error


async def _run(
    settings: Settings,
    token: str,
    shards: ShardRange | None,
    make: Callable[[Settings], Awaitable[Services]],
    client: Callable[..., FathomBot],
) -> None:
    services = await make(settings)
    watch = await start_watching(services)
    if await services.answers.reload() is None:
        await _build_first(services)
    bot = client(services, **({"shard_ids": shards.ids, "shard_count": shards.count} if shards else {}))
    deliver_reliably(bot.http, watch.observer.acknowledged)
    watch.follow(bot)
    guard(bot._connection.parsers)  # noqa: SLF001  # discord.py has no other place before its readers
    stopping = stop_signal()
    tasks = [
        asyncio.create_task(_beat(bot, settings.state.path, shards)),
        asyncio.create_task(rebuild_if_due(services, By.START)),
        asyncio.create_task(follow_index(services)),
    ]
    if settings.knowledge.watch:
        tasks.append(asyncio.create_task(watch_folder(services)))
    async with bot:
        running = asyncio.create_task(bot.start(token))
        asked = asyncio.create_task(stopping.wait())
        await asyncio.wait({running, asked}, return_when=asyncio.FIRST_COMPLETED)
        for task in [*tasks, asked]:
            task.cancel()
        heartbeat.stop(settings.state.path, shards)
        if stopping.is_set():
            await stop(bot, running, services.answers.close)
        else:
            await running
    await watch.stop()


async def _build_first(services: Services) -> None:
    """Build the first index before anyone can ask, with progress on standard error."""
    _log.info("no usable index yet; building it first")
    while True:
        try:
            with progress_bar() as on_progress:
                report = await services.rebuilder.run(on_progress)
            break
        except RebuildBusyError:
            # Another process that was started with this one is faster.
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            if await services.answers.reload() is not None:
                return
        except RebuildError as error:
            raise StartError(f"the index could not be built: {error}") from error
    await note_build(services.stores.history, report, By.START)
    if await services.answers.reload() is None:
        raise StartError("the index was built but cannot be opened; see the messages above")


async def _beat(bot: FathomBot, state: Path, shards: ShardRange | None) -> None:
    while True:
        if bot.is_ready() and not bot.is_closed():
            heartbeat.beat(state, shards)
        await asyncio.sleep(heartbeat.BEAT_SECONDS)
