"""Opening the database and bringing its tables up to date."""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

Sessions = async_sessionmaker[AsyncSession]


class StorageError(Exception):
    """A database that cannot be used; the message says where it is and what to do."""


def sqlite_url(state: Path) -> str:
    """Return the address of the embedded database in a state folder."""
    return f"sqlite+aiosqlite:///{(state / 'fathom.sqlite').absolute()}"


class Database:
    """An open database whose tables are current."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Wrap an engine; use `open_database`."""
        self._engine = engine
        self.sessions: Sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def check(self) -> None:
        """Ask the database for nothing.

        Raises:
            SQLAlchemyError: it does not answer.
        """
        async with self.sessions() as session:
            await session.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


async def open_database(url: str) -> Database:
    """Open a database, creating and migrating what is needed.

    Raises:
        StorageError: it cannot be opened or migrated.
    """
    engine = create_async_engine(url, hide_parameters=True)  # errors are logged, and people's words are in there
    if engine.dialect.name == "sqlite":
        path = Path(engine.url.database or "")
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(migrate)
    except (SQLAlchemyError, OSError) as error:
        await engine.dispose()
        where = engine.url.render_as_string(hide_password=True)
        raise StorageError(
            f"{where}: the database cannot be used ({type(error).__name__}). "
            "Check that its folder is writable; a damaged file can be moved away, and members choose again"
        ) from error
    return Database(engine)


def migrate(connection: Connection) -> None:
    """Run the migrations that a database lacks."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _prepare_sqlite(connection: object, _record: object) -> None:
    """Let readers and the writer work side by side, and wait for one another rather than fail."""
    cursor = connection.cursor()  # type: ignore[attr-defined]  # a DBAPI connection, whatever the driver
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()
