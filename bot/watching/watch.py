"""Wiring: who watches, what, and where it can be read."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from discord.ext import commands

from bot.extras import MissingExtraError, require_extra
from bot.watching.endpoints import Endpoints, Exposition
from bot.watching.loop_lag import watch_loop
from bot.watching.observer import Observer
from bot.watching.readiness import obstacles

if TYPE_CHECKING:
    from bot.services import Services
    from bot.watching.bot_state import BotState
    from bot.watching.metrics import Metrics

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Watch:
    """What watches one bot; nothing at all when the settings name no port."""

    observer: Observer = field(default_factory=Observer)
    bot: commands.AutoShardedBot | None = None
    endpoints: Endpoints | None = None
    url: str = ""
    _state: BotState | None = None
    _lag: asyncio.Task[None] | None = None
    _handler: logging.Handler | None = None

    def follow(self, bot: commands.AutoShardedBot) -> None:
        """Watch a client's gateway from here on."""
        self.bot = bot
        if self._state is None:
            return
        self._state.bot = bot
        bot.add_listener(_listener(self.observer.resumed), "on_shard_resumed")
        bot.add_listener(_listener(self.observer.disconnected), "on_shard_disconnect")

    async def stop(self) -> None:
        """Watch no more."""
        if self._lag is not None:
            self._lag.cancel()
        if self._handler is not None:
            logging.getLogger().removeHandler(self._handler)
        if self.endpoints is not None:
            await self.endpoints.stop()

    def count(self, metrics: Metrics, services: Services) -> Exposition:
        """Count from here on; return what writes the numbers."""
        from prometheus_client.exposition import choose_encoder

        from bot.watching.bot_state import BotState
        from bot.watching.metrics import ProblemCount

        self.observer = services.answers.observer = services.rebuilder.observer = metrics
        self._state = BotState(services)
        metrics.add(self._state)
        self._handler = ProblemCount(metrics)
        logging.getLogger().addHandler(self._handler)
        self._lag = asyncio.create_task(watch_loop(metrics.lagged))

        def exposition(accept: str) -> tuple[bytes, str]:
            encode, kind = choose_encoder(accept)
            return encode(metrics.registry), kind

        return exposition


async def start_watching(services: Services) -> Watch:
    """Serve health, readiness and metrics as the settings say; by default, nothing.

    Raises:
        WatchingError: the address cannot be had.
    """
    watch, settings = Watch(), services.settings.watching
    if settings.port is None:
        return watch
    exposition, missing = None, ""
    try:
        require_extra("metrics", "prometheus_client")
    except MissingExtraError as error:
        missing = str(error)
        _log.warning("there are no metrics, only health and readiness: %s", missing)
    else:
        from bot.watching.metrics import Metrics

        exposition = watch.count(Metrics(), services)
    watch.endpoints = Endpoints(lambda: obstacles(services, watch.bot), exposition, missing)
    try:
        watch.url = await watch.endpoints.start(settings.host, settings.port)
    except BaseException:
        await watch.stop()
        raise
    _log.info("watching at %s", watch.url, extra={"url": watch.url})
    return watch


def _listener(note: Callable[[int], None]) -> Callable[[int], Coroutine[None, None, None]]:
    async def listen(shard: int) -> None:
        note(shard)

    return listen
