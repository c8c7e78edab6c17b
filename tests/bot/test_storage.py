from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from bot.storage.database import Database, StorageError, open_database, sqlite_url
from bot.storage.preferences import Preferences
from bot.storage.tables import Base
from index.levels import Level


async def test_preferences_outlive_the_process(tmp_path: Path) -> None:
    database = await open_database(sqlite_url(tmp_path))
    preferences = Preferences(database.sessions)
    assert await preferences.level(1) is None
    await preferences.set_level(1, Level.BASIC)
    await preferences.set_level(1, Level.ADVANCED)
    await preferences.set_level(2**63 - 1, Level.BASIC)
    await database.close()

    again = await open_database(sqlite_url(tmp_path))
    preferences = Preferences(again.sessions)
    assert await preferences.level(1) is Level.ADVANCED
    assert await preferences.level(2**63 - 1) is Level.BASIC
    await preferences.forget(1)
    assert await preferences.level(1) is None
    await again.close()


async def test_migrations_lead_to_exactly_the_tables_of_the_models(tmp_path: Path) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))

    database = await open_database(sqlite_url(tmp_path))
    async with database.sessions() as session:
        connection = await session.connection()
        assert await connection.run_sync(differences) == []
    await database.close()


async def test_a_damaged_database_is_said_so_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "fathom.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(StorageError, match=r"fathom\.sqlite: the database cannot be used"):
        await open_database(sqlite_url(tmp_path))


async def test_many_at_once(tmp_path: Path) -> None:
    import asyncio

    database: Database = await open_database(sqlite_url(tmp_path))
    preferences = Preferences(database.sessions)
    await asyncio.gather(*(preferences.set_level(user, list(Level)[user % 3]) for user in range(60)))
    levels = await asyncio.gather(*(preferences.level(user) for user in range(60)))
    assert levels == [list(Level)[user % 3] for user in range(60)]
    await database.close()
