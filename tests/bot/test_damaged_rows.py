"""Rows of the database that somebody or something damaged."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from bot.storage.database import open_database, sqlite_url
from bot.storage.server_settings import ServerSettings
from bot.storage.stores import Stores


@pytest.mark.parametrize("damage", ["no JSON", "[]", '{"channels": "x"}', "null", '"\\ud800"'])
async def test_a_server_with_damaged_settings_gets_the_defaults_until_it_chooses_again(
    tmp_path: Path, damage: str
) -> None:
    database = await open_database(sqlite_url(tmp_path))
    servers = Stores.over(database.sessions).servers
    await servers.put(7, ServerSettings(threads=True))
    await servers.put(8, ServerSettings(threads=True))
    async with database.sessions.begin() as session:
        await session.execute(text("UPDATE servers SET settings = :damage WHERE guild_id = 7"), {"damage": damage})
    assert await servers.of(7) == ServerSettings()
    assert (await servers.of(8)).threads
    await servers.change(7, private_answers=True)
    assert await servers.of(7) == ServerSettings(private_answers=True)
    await database.close()
