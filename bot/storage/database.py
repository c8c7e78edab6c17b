"""Opening the database and bringing its tables up to date."""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from bot.secrets import Secrets
from bot.storage.peers import Alone, Peers
from bot.storage.postgres import AddressError, place_of, postgres_engine, postgres_url
from bot.storage.postgres_peers import LOCKS, Lock, PostgresPeers
from bot.storage.same_file import follow_file

Sessions = async_sessionmaker[AsyncSession]
DATABASE_ERRORS = (SQLAlchemyError, OSError)
"""What asking a database can raise; a server that is away, or does not answer in time, is an OSError."""
# Tables may be large by the time that they change.
_SECONDS_TO_MIGRATE = 600.0


class StorageError(Exception):
    """A database that cannot be used; the message says where it is and what to do."""


def sqlite_url(state: Path) -> str:
    """Return the address of the embedded database in a state folder."""
    return f"sqlite+aiosqlite:///{(state / 'fathom.sqlite').absolute()}"


def database_url(state: Path) -> str | URL:
    """Return the address of the PostgreSQL database that the environment names, else of the embedded one.

    Raises:
        StorageError: what the environment names is no such address.
    """
    address = Secrets().fathom_database_url
    if address is None or not address.get_secret_value().strip():
        return sqlite_url(state)
    try:
        return postgres_url(address.get_secret_value())
    except AddressError as error:
        raise StorageError(str(error)) from None


class Database:
    """An open database whose tables are current.

    Attributes:
        sessions: makes sessions for the stores.
        peers: the other processes that use it.
    """

    def __init__(self, engine: AsyncEngine, peers: Peers | None = None) -> None:
        """Wrap an engine; use `open_database`."""
        self._engine = engine
        self.peers: Peers = peers or Alone()
        self.sessions: Sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def check(self) -> None:
        """Ask the database for nothing.

        Raises:
            SQLAlchemyError: it does not answer.
        """
        async with self.sessions() as session:
            await session.execute(text("SELECT 1"))

    async def replace_by(self, opened: Database) -> None:
        """Go on with the connections of another, which was opened since."""
        before, self._engine = self._engine, opened._engine
        self.sessions.configure(bind=self._engine)
        await before.dispose()

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


async def open_database(url: str | URL) -> Database:
    """Open a database, creating and migrating what is needed.

    Raises:
        MissingExtraError: it is a PostgreSQL database, and asyncpg is not installed.
        StorageError: it cannot be opened or migrated.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return await _open_sqlite(parsed)
    migrating = postgres_engine(parsed, seconds=_SECONDS_TO_MIGRATE)
    try:
        await _migrate(migrating)
    except DATABASE_ERRORS as error:
        # Causes are not chained: what a driver says may hold what stood in the address.
        reason = getattr(error, "orig", None) or error
        raise StorageError(
            f"{place_of(parsed)}: the database cannot be used ({type(reason).__name__}). Check that the server runs, "
            "and that FATHOM_DATABASE_URL names a user who may create tables"
        ) from None
    finally:
        await migrating.dispose()
    return Database(postgres_engine(parsed), PostgresPeers(parsed))


async def _open_sqlite(url: URL) -> Database:
    engine = create_async_engine(url, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    try:
        await asyncio.to_thread(Path(url.database or "").parent.mkdir, parents=True, exist_ok=True)
        await _migrate(engine)
    except DATABASE_ERRORS as error:
        await engine.dispose()
        where = url.render_as_string(hide_password=True)
        raise StorageError(
            f"{where}: the database cannot be used ({type(error).__name__}). "
            "Check that its folder is writable; a damaged file can be moved away, and members choose again"
        ) from error
    follow_file(engine)
    return Database(engine)


async def _migrate(engine: AsyncEngine) -> None:
    """Bring the tables up to date, while any other process that wants to waits."""
    async with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            await connection.execute(text("BEGIN IMMEDIATE"))
        else:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCKS}, {Lock.MIGRATE:d})"))
        await connection.run_sync(migrate)


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
