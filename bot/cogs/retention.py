"""Forgetting in time: once a day, what was kept long enough is deleted."""

from __future__ import annotations

import logging

from discord.ext import commands, tasks

from bot.services import Services
from bot.storage.database import DATABASE_ERRORS

_log = logging.getLogger(__name__)


class RetentionCog(commands.Cog):
    """Deletes questions without an answer after ninety days, and counts and feedback after a year."""

    def __init__(self, _bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services."""
        self._stores = services.stores

    async def cog_load(self) -> None:
        """Forget at each start too: the bot may have been away for long."""
        self._forget.start()

    async def cog_unload(self) -> None:
        """Stop."""
        self._forget.cancel()

    @tasks.loop(hours=24)
    async def _forget(self) -> None:
        for store in (self._stores.gaps, self._stores.served, self._stores.feedback):
            try:
                await store.prune()
            except DATABASE_ERRORS:
                _log.exception("what was kept long enough could not be deleted; the next try is tomorrow")
