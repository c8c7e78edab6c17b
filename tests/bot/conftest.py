"""The databases that the stores must work on, all of them alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import URL

from bot.storage.database import Database, open_database, sqlite_url
from bot.storage.postgres import postgres_url
from tests.support.postgres import PostgresServer


@pytest_asyncio.fixture(params=["sqlite", "postgres"])
async def address(request: pytest.FixtureRequest, tmp_path: Path) -> str | URL:
    """A database that is new: embedded, or on a real server."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    server: PostgresServer = request.getfixturevalue("postgres")
    return postgres_url(await server.new_database())


@pytest_asyncio.fixture
async def database(address: str | URL) -> AsyncIterator[Database]:
    """An open database."""
    database = await open_database(address)
    yield database
    await database.close()
