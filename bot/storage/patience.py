"""Going on without a database that cannot be used, and using it again once it can: answers need none."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy import URL, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage.database import Database, StorageError, open_database
from bot.storage.same_file import follow_file

_log = logging.getLogger(__name__)
_SECONDS = 15.0


async def open_patiently(url: str | URL, *, seconds: float = _SECONDS) -> Database:
    """Open a database; an embedded one that cannot be used is tried again and again while the bot runs without it.

    Args:
        url: the address.
        seconds: between two tries.

    Raises:
        StorageError: a server's database cannot be opened or migrated.
    """
    try:
        return await open_database(url)
    except StorageError as error:
        if make_url(url).get_backend_name() != "sqlite":
            raise
        _log.error("%s. Until then I answer, and remember nothing", error)  # the message says it all
        return WaitingDatabase(url, seconds)


class WaitingDatabase(Database):
    """A database that fails whoever asks it, as one that has broken does, until it can be opened after all."""

    def __init__(self, url: str | URL, seconds: float) -> None:
        """Begin to try."""
        super().__init__(create_async_engine(url, hide_parameters=True))
        follow_file(self._engine)
        self._trying = asyncio.create_task(self._until_open(url, seconds))

    async def close(self) -> None:
        """Close every connection, and try no more."""
        self._trying.cancel()
        await asyncio.wait({self._trying})
        await super().close()

    async def _until_open(self, url: str | URL, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                opened = await open_database(url)
            except StorageError:
                continue
            await self.replace_by(opened)
            _log.info("the database can be used; from now on I remember")
            return
