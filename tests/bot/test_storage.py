from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, Connection

from bot.storage.database import Database, StorageError, open_database, sqlite_url
from bot.storage.feedback import Verdict
from bot.storage.gaps import GapKind
from bot.storage.preferences import Preferences
from bot.storage.server_settings import ServerSettings
from bot.storage.store import ImpersonalStore, Store
from bot.storage.stores import Stores
from bot.storage.tables import Base
from index.levels import Level


async def test_preferences_outlive_the_process(address: str | URL) -> None:
    database = await open_database(address)
    preferences = Preferences(database.sessions)
    assert await preferences.level(1) is None
    await preferences.set_level(1, Level.BASIC)
    await preferences.set_level(1, Level.ADVANCED)
    await preferences.set_level(2**63 - 1, Level.BASIC)
    await database.close()

    again = await open_database(address)
    preferences = Preferences(again.sessions)
    assert await preferences.level(1) is Level.ADVANCED
    assert await preferences.level(2**63 - 1) is Level.BASIC
    await preferences.forget(1)
    assert await preferences.level(1) is None
    await again.close()


async def test_migrations_lead_to_exactly_the_tables_of_the_models(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))

    async with database.sessions() as session:
        connection = await session.connection()
        assert await connection.run_sync(differences) == []


async def test_a_damaged_database_is_said_so_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "fathom.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(StorageError, match=r"fathom\.sqlite: the database cannot be used"):
        await open_database(sqlite_url(tmp_path))


async def test_many_at_once(database: Database) -> None:
    preferences = Preferences(database.sessions)
    await asyncio.gather(*(preferences.set_level(user, list(Level)[user % 3]) for user in range(60)))
    levels = await asyncio.gather(*(preferences.level(user) for user in range(60)))
    assert levels == [list(Level)[user % 3] for user in range(60)]


async def test_two_processes_may_open_a_new_database_and_write_one_row_at_once(address: str | URL) -> None:
    """Each has connections of its own, as two processes have."""
    opened = await asyncio.gather(*(open_database(address) for _ in range(4)), return_exceptions=True)
    databases = [database for database in opened if isinstance(database, Database)]
    assert len(databases) == 4, opened
    everyone = [Stores.over(database.sessions) for database in databases]
    await asyncio.gather(*(stores.preferences.set_level(9, Level.BASIC) for stores in everyone for _ in range(5)))
    await asyncio.gather(*(stores.learning.mark(9, "rlhf") for stores in everyone for _ in range(5)))
    await asyncio.gather(*(stores.servers.put(3, ServerSettings(channels=(4,))) for stores in everyone))
    for stores in everyone:
        assert await stores.preferences.about(9) == ("level: basic",)
        assert await stores.learning.about(9) == ("understood: rlhf",)
        assert (await stores.servers.of(3)).channels == (4,)
    for database in databases:
        await database.close()


async def test_deeds_and_gaps_read_alike_everywhere(database: Database) -> None:
    stores = Stores.over(database.sessions)
    now = datetime.now(UTC)
    await stores.history.note("rebuild", 2**62, {"by": "a moderator", "broken": ["why?"]}, serves="g")
    for text in ("What is tea?", "Was ist Tee \N{TEACUP WITHOUT HANDLE}?", "What is tea?"):
        await stores.gaps.note(GapKind.NOT_COVERED, text, Level.BASIC, "en")
    await stores.gaps.note(GapKind.DEPTH_MISSING, "more?", Level.ADVANCED, "en", "rlhf")
    (deed,) = await stores.history.latest(1)
    assert (deed.user_id, deed.detail["broken"]) == (2**62, ["why?"])
    assert f"{deed.at:%Y-%m-%d %H}" in {f"{now:%Y-%m-%d %H}", f"{datetime.now(UTC):%Y-%m-%d %H}"}
    assert [(text, count) for text, _, _, count in await stores.gaps.questions(5)] == [
        ("What is tea?", 2),
        ("Was ist Tee \N{TEACUP WITHOUT HANDLE}?", 1),
    ]
    assert await stores.gaps.depths() == [("rlhf", Level.ADVANCED, 1)]
    assert await stores.gaps.count() == 4
    await stores.gaps.prune()
    assert len(await stores.gaps.all()) == 4


async def test_choices_change_apart_from_each_other(database: Database) -> None:
    preferences = Preferences(database.sessions)
    await preferences.set_language(5, "de")
    await preferences.set_level(5, Level.BASIC)
    assert (await preferences.level(5), await preferences.language(5)) == (Level.BASIC, "de")
    await preferences.set_language(5, None)
    assert (await preferences.level(5), await preferences.language(5)) == (Level.BASIC, None)


def test_every_table_belongs_to_a_store_that_says_what_it_holds() -> None:
    """A table with the id of a person must belong to a store that can show and delete what it holds."""
    stores = {store.table: store for store in all_stores(Store)}
    assert stores.keys() == set(Base.__subclasses__())
    for table, store in stores.items():
        assert store.holds.what
        assert store.holds.kept
        named = "user_id" in table.__table__.columns
        assert store.holds.personal is named, f"{store.__name__} does not say that it holds people's ids"
        assert issubclass(store, ImpersonalStore) is not named


def all_stores(base: type[Store]) -> list[type[Store]]:
    found = []
    for store in base.__subclasses__():
        found += all_stores(store) if store is ImpersonalStore else [store]
    return found


async def test_everything_about_a_person_is_shown_and_deleted(database: Database) -> None:
    stores = Stores.over(database.sessions)
    for person in (1, 2):
        await stores.preferences.set_level(person, Level.BASIC)
        await stores.learning.mark(person, "rlhf")
        await stores.history.note("rollback", person, {"to": "x"})
    await stores.gaps.note(GapKind.NOT_COVERED, "What is tea?", Level.BASIC, "en")
    await stores.feedback.note(Verdict.TOO_HARD, "rlhf", Level.BASIC, "What is it?", "generation")
    await stores.served.note("ask", "rlhf", Level.BASIC, 0.9, 12.0)
    await stores.servers.put(7, ServerSettings(default_level=Level.BASIC, channels=(3,)))

    assert [bool(await store.about(1)) for store in stores] == [store.holds.personal for store in stores]
    for store in stores:
        await store.forget(1)
    assert [await store.about(1) for store in stores] == [()] * len(list(stores))
    assert [bool(await store.about(2)) for store in stores] == [store.holds.personal for store in stores]
    assert len(await stores.history.latest(10)) == 2, "what was done stays"
    assert len(await stores.gaps.all()) == len(await stores.feedback.all()) == 1
    assert (await stores.servers.of(7)).channels == (3,)
    assert await stores.servers.of(8) == await stores.servers.of(None) == ServerSettings()
    await stores.servers.remove(7)
    assert await stores.servers.of(7) == ServerSettings()
