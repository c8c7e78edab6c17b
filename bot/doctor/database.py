"""The database: opens, has every table as this version needs it, and can be written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL, Connection, inspect, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

import bot.storage
from bot.doctor.finding import Finding, error, ok, warning
from bot.doctor.patient import Patient
from bot.extras import MissingExtraError
from bot.storage.database import StorageError, database_url
from bot.storage.postgres import place_of, postgres_engine

_WHAT = "database"
_ADDRESS = "FATHOM_DATABASE_URL"
_SECONDS = 15.0
_NO_REVISION = ""
# Changes nothing, yet needs the right and the room to.
_WRITING = text("UPDATE preferences SET level = level WHERE 1 = 0")


def check_database(patient: Patient) -> Iterator[Finding]:
    """Yield how the database is; nothing in it is changed, and none is made."""
    try:
        url = make_url(database_url(patient.settings.state.path))
    except StorageError as failure:
        yield error(_WHAT, f"{_ADDRESS} is not an address of a database", str(failure))
        return
    where = str(url.database) if url.get_backend_name() == "sqlite" else place_of(url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        yield ok(_WHAT, f"{where}: none yet; it is made at the first start")
        return
    try:
        has, wants = asyncio.run(_look(url))
    except MissingExtraError as failure:
        yield error(_WHAT, f"{where}: its driver is not installed", str(failure))
    except Exception as failure:  # noqa: BLE001  # every driver has errors of its own
        cause = getattr(failure, "orig", None) or failure
        yield error(
            _WHAT,
            f"{where}: cannot be used ({type(cause).__name__})",
            "is it there, and may it be written? A damaged file can be moved away: members choose again",
        )
    else:
        if has == wants:
            yield ok(_WHAT, f"{where}: opens, can be written, and its tables are current")
        elif has is None:
            yield ok(_WHAT, f"{where}: opens, and is empty; tables are made at the first start")
        elif has == _NO_REVISION:
            yield error(_WHAT, f"{where}: its tables do not say of which version they are", "name an empty database")
        elif has < (wants or ""):
            yield warning(
                _WHAT, f"{where}: its tables are of an earlier version", "the next start brings them up to date"
            )
        else:
            yield error(
                _WHAT, f"{where}: its tables are of a later version", "run the version of the bot that made them"
            )


async def _look(url: URL) -> tuple[str | None, str | None]:
    """Return the revision that the tables have (None without tables), and the one that they should have."""
    sqlite = url.get_backend_name() == "sqlite"
    engine = create_async_engine(url, hide_parameters=True) if sqlite else postgres_engine(url)
    try:
        async with asyncio.timeout(_SECONDS), engine.connect() as connection:
            has, wants = await connection.run_sync(_revisions)
            if has:
                await connection.execute(_WRITING)
            await connection.rollback()
    finally:
        await engine.dispose()
    return has, wants


def _revisions(connection: Connection) -> tuple[str | None, str | None]:
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(next(iter(bot.storage.__path__))) / "migrations"))
    wants = ScriptDirectory.from_config(config).get_current_head()
    has = MigrationContext.configure(connection).get_current_revision()
    return has or (_NO_REVISION if inspect(connection).get_table_names() else None), wants
