"""Start the bot against the loopback Discord: `python -m tests.wire.launch run ...`, as `python -m bot run ...`.

Only where Discord is and how soon a silent gateway counts as dead are set here. With FATHOM_WIRE_LIGHT the model
is replaced by an encoder that needs none, through the arguments of `run_bot`; FATHOM_WIRE_SLOW says how many
seconds it takes for a question. With FATHOM_WIRE_LAG, a file, the bot writes to it how late its event loop is.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from functools import partial
from pathlib import Path

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot import run
from bot.answer_service import AnswerService
from bot.cli import main
from bot.client import FathomBot
from bot.config import Settings
from bot.limits import Limits
from bot.rebuild import Rebuilder
from bot.services import Services
from bot.storage.database import database_url
from bot.storage.patience import open_patiently
from bot.storage.stores import Stores
from index.embedding import ModelFiles, Vectors, find_model
from tests.support.light_encoder import LightEncoder
from tests.wire.lag import sample_lag


def point_at(url: str) -> None:
    """Make discord.py talk to a Discord at another address."""
    Route.BASE = f"{url}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url.replace("http", "ws", 1) + "/gateway")
    discord.Asset.BASE = f"{url}/cdn"


class SlowEncoder(LightEncoder):
    """The light encoder, as slow as a busy machine would make it; it fails at a question that says so."""

    def encode_query(self, query: str) -> Vectors:
        time.sleep(float(os.environ.get("FATHOM_WIRE_SLOW") or 0))
        if "explode" in query:
            raise ValueError(f"cannot encode {query!r}")
        return super().encode_query(query)


async def light_services(settings: Settings) -> Services:
    """Wire the bot as `bot.run.make_services` does, around the light encoder."""
    model: ModelFiles = await asyncio.to_thread(find_model, settings.model.name)
    database = await open_patiently(database_url(settings.state.path), seconds=0.5)
    return Services(
        settings=settings,
        answers=AnswerService(
            settings.state.path,
            lambda _: SlowEncoder(model.checksum),
            threshold=settings.answers.threshold,
            longest_wait=settings.limits.longest_wait,
        ),
        rebuilder=Rebuilder(settings, module="tests.wire.light_child", turn=database.peers.build_turn),
        database=database,
        stores=Stores.over(database.sessions),
        limits=Limits(settings.limits),
    )


class WatchedBot(FathomBot):
    """The bot, which writes down how late its event loop is if a file for it is given."""

    async def setup_hook(self) -> None:
        if file := os.environ.get("FATHOM_WIRE_LAG"):
            self.lag = asyncio.create_task(sample_lag(Path(file)))
        await super().setup_hook()


def start() -> None:
    point_at(os.environ["FATHOM_WIRE_URL"])
    client = partial(WatchedBot, heartbeat_timeout=float(os.environ.get("FATHOM_WIRE_HEARTBEAT_TIMEOUT", "60")))
    plain = run.run_bot
    options = {"client": client}
    if os.environ.get("FATHOM_WIRE_LIGHT"):
        options["services"] = light_services  # type: ignore[assignment]
    run.run_bot = partial(plain, **options)  # type: ignore[arg-type]  # what `python -m bot run` calls
    main()


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    start()
