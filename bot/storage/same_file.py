"""Staying with one database file: none is begun in its place when it is gone."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine


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
