"""Going on without a database that cannot be used, and using it again once it can: answers need none."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.storage.database import Database, StorageError, open_database

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
        database = await open_database(url)
    except StorageError as error:
        if make_url(url).get_backend_name() != "sqlite":
            raise
        _log.error("%s. Until then I answer, and remember nothing", error)  # the message says it all
        return WaitingDatabase(url, seconds)
    engine: AsyncEngine = database.sessions.kw["bind"]
    if engine.dialect.name == "sqlite":
        follow_file(engine)
    return database


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
            before, self._engine = self._engine, opened.sessions.kw["bind"]
            follow_file(self._engine)
            self.sessions.configure(bind=self._engine)
            await before.dispose()
            _log.info("the database can be used; from now on I remember")
            return


def follow_file(engine: AsyncEngine) -> None:
    """Keep connections to the file that stands in its place, and make no new file where it is gone.

    SQLite goes on with a file that was moved away, and begins an empty one beside it; once the first is back, some
    connections would see the one and some the other.
    """
    file = Path(engine.url.database or "")

    def remember(_connection: Any, record: Any) -> None:
        record.info["file"] = _identity(file)

    def look(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info.get("file") != _identity(file):
            raise DisconnectionError(f"{file} is not the file that it was")

    def refuse(*_: Any) -> None:
        if _identity(file) is None:
            raise sqlite3.OperationalError(f"{file} is gone")

    event.listen(engine.sync_engine, "connect", remember)
    event.listen(engine.sync_engine, "checkout", look)
    event.listen(engine.sync_engine, "do_connect", refuse)


def _identity(file: Path) -> tuple[int, int] | None:
    """Return what tells a file from another of the same name, None if there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
