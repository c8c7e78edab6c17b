"""`python -m bot run`: the bot from start to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

import discord

from bot import heartbeat
from bot.answer_service import AnswerService
from bot.client import FathomBot
from bot.config import Secrets, Settings
from bot.deeds import By, note_build
from bot.library_watch import follow_index, rebuild_if_due, watch_folder
from bot.limits import Limits
from bot.progress_bar import progress_bar
from bot.rebuild import Rebuilder, RebuildError, Wait, simply
from bot.services import Services
from bot.storage.database import open_database, sqlite_url
from bot.storage.stores import Stores
from index.embedding import find_model
from index.serving_form import load_encoder

_log = logging.getLogger(__name__)
_LOGIN_HELP = """DISCORD_TOKEN is not set, and the bot cannot log in without it. To get one:
  1. Open https://discord.com/developers/applications and press New Application.
  2. Under Bot, press Reset Token and copy it. No privileged intent is needed.
  3. Under Installation, open the install link and add the bot to your server.
  4. Start again with: DISCORD_TOKEN=... python -m bot run
To try the bot without a token: python -m bot demo"""


class StartError(Exception):
    """The bot cannot start; the message says what the operator can do."""


def run_bot(settings: Settings) -> None:
    """Run until the process is asked to stop.

    Raises:
        StartError: the token is missing or refused, or there is no index and none can be built.
    """
    token = Secrets().discord_token
    if token is None or not token.get_secret_value().strip():
        raise StartError(_LOGIN_HELP)
    discord.utils.setup_logging(level=logging.INFO, root=True)
    try:
        asyncio.run(_run(settings, token.get_secret_value().strip()))
    except discord.LoginFailure:
        raise StartError(
            "Discord refused the token in DISCORD_TOKEN; copy it anew from the developer portal, under Bot"
        ) from None


async def make_services(settings: Settings, *, wait: Wait = simply) -> Services:
    """Wire what the bot is made of; the model is found and checked, but not loaded yet."""
    model = await asyncio.to_thread(find_model, settings.model.name)
    database = await open_database(sqlite_url(settings.state.path))
    return Services(
        settings=settings,
        answers=AnswerService(
            settings.state.path,
            lambda generation: load_encoder(generation, model),
            threshold=settings.answers.threshold,
        ),
        rebuilder=Rebuilder(settings, wait=wait),
        database=database,
        stores=Stores.over(database.sessions),
        limits=Limits(settings.limits),
    )


async def _run(settings: Settings, token: str) -> None:
    services = await make_services(settings)
    if await services.answers.reload() is None:
        await _build_first(services)
    bot = FathomBot(services)
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    tasks = [
        asyncio.create_task(_beat(bot, settings)),
        asyncio.create_task(rebuild_if_due(services, By.START)),
        asyncio.create_task(follow_index(services)),
    ]
    if settings.knowledge.watch:
        tasks.append(asyncio.create_task(watch_folder(services)))
    async with bot:
        running = asyncio.create_task(bot.start(token))
        stop = asyncio.create_task(stopping.wait())
        await asyncio.wait({running, stop}, return_when=asyncio.FIRST_COMPLETED)
        for task in [*tasks, stop]:
            task.cancel()
        heartbeat.stop(settings.state.path)
        if stopping.is_set():
            _log.info("asked to stop")
            await bot.close()
        await running


async def _build_first(services: Services) -> None:
    """Build the first index before anyone can ask, with progress on standard error."""
    sys.stderr.write("No usable index yet; building it first.\n")
    with progress_bar() as on_progress:
        try:
            report = await services.rebuilder.run(on_progress)
        except RebuildError as error:
            raise StartError(f"the index could not be built: {error}") from error
    await note_build(services.stores.history, report, By.START)
    if await services.answers.reload() is None:
        raise StartError("the index was built but cannot be opened; see the messages above")


async def _beat(bot: FathomBot, settings: Settings) -> None:
    while True:
        if bot.is_ready() and not bot.is_closed():
            heartbeat.beat(settings.state.path)
        await asyncio.sleep(heartbeat.BEAT_SECONDS)
