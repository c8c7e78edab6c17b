"""What only a database server can do: be away, refuse, freeze, and let processes talk to each other."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import URL, make_url

from bot.build_request import BuildRequest
from bot.build_turn import build_turn_now
from bot.config import Settings
from bot.deeds import By, note_failure
from bot.extras import MissingExtraError
from bot.health import health_of_database
from bot.rebuild import RebuildBusyError, Rebuilder
from bot.secrets import Secrets
from bot.storage.database import Database, StorageError, database_url, open_database
from bot.storage.postgres import AddressError, postgres_url
from bot.storage.postgres_peers import PostgresPeers
from bot.storage.stores import Stores
from bot.where import or_default
from index.build import BuildBusyError
from index.levels import Level
from tests.support.postgres import PASSWORD, PostgresServer


@pytest_asyncio.fixture
async def url(postgres: PostgresServer) -> URL:
    return postgres_url(await postgres.new_database())


@pytest_asyncio.fixture
async def database(url: URL) -> AsyncIterator[Database]:
    database = await open_database(url)
    yield database
    await database.close()


async def test_a_server_that_goes_away_and_comes_back(postgres: PostgresServer, database: Database) -> None:
    stores = Stores.over(database.sessions)
    await stores.preferences.set_level(1, Level.BASIC)
    assert "answers in" in await health_of_database(database)
    postgres.stop()
    try:
        assert await or_default(stores.preferences.level(1), None) is None
        assert "answers go on" in await health_of_database(database)
        await note_failure(stores.history, "why", By.START)
    finally:
        postgres.start()
    assert await or_default(stores.preferences.level(1), None) is Level.BASIC


async def test_a_server_that_says_nothing_is_not_waited_for(postgres: PostgresServer, database: Database) -> None:
    stores = Stores.over(database.sessions)
    await stores.preferences.set_level(1, Level.BASIC)
    postgres.freeze()
    try:
        async with asyncio.timeout(10):
            levels = [or_default(stores.preferences.level(1), None) for _ in range(30)]
            assert await asyncio.gather(*levels) == [None] * 30
    finally:
        postgres.thaw()
    assert await or_default(stores.preferences.level(1), None) is Level.BASIC


async def test_what_cannot_be_used_is_said_without_the_password(
    postgres: PostgresServer, url: URL, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = [
        (url.set(password="a secret guess"), "InvalidPasswordError"),  # noqa: S106
        (url.set(database="nowhere"), "InvalidCatalogNameError"),
        (url.set(port=1), "ConnectionRefusedError"),
        (url.update_query_dict({"sslmode": "require"}), "ConnectionError"),
        (url.update_query_dict({"sslmode": "a secret guess"}), "ClientConfigurationError"),
    ]
    for address, reason in wrong:
        with pytest.raises(StorageError, match=f"^postgresql://127.0.0.1:.*{reason}") as raised:
            await open_database(address)
        said = f"{raised.value!r} {raised.value.__cause__!r} {address!r} {address}"
        assert PASSWORD not in said
        assert "guess" not in str(raised.value)
    assert PASSWORD not in caplog.text
    assert "guess" not in caplog.text


def test_the_address_comes_from_the_environment_and_stays_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FATHOM_DATABASE_URL", raising=False)
    assert str(database_url(tmp_path)).startswith("sqlite+aiosqlite:///")
    for scheme in ("postgres", "postgresql", "postgresql+asyncpg"):
        monkeypatch.setenv("FATHOM_DATABASE_URL", f" {scheme}://fathom:hidden%40@db:5433/bot?sslmode=require\n")
        found = database_url(tmp_path)
        assert isinstance(found, URL)
        assert (found.drivername, found.host, found.port, found.password) == (
            "postgresql+asyncpg",
            "db",
            5433,
            "hidden@",
        )
        assert "hidden" not in f"{found} {found!r} {Secrets()!r} {Secrets()}"
    monkeypatch.setenv("FATHOM_DATABASE_URL", "mysql://fathom:hidden@db/bot")
    with pytest.raises(StorageError, match="FATHOM_DATABASE_URL") as raised:
        database_url(tmp_path)
    assert "hidden" not in f"{raised.value!r} {raised.value.__cause__!r}"


@given(st.one_of(st.text(), st.text("@:/?#[]%pgsql0", max_size=30).map("postgresql://".__add__)))
def test_any_address_is_one_or_is_refused(text: str) -> None:
    with suppress(AddressError):
        again = make_url(postgres_url(text).set(drivername="postgresql").render_as_string(hide_password=False))
        assert again.database == postgres_url(text).database


async def test_a_missing_driver_is_said_with_the_command_that_installs_it(
    url: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(MissingExtraError, match=r"pip install -e '\.\[postgres\]'"):
        await open_database(url)


async def test_one_process_builds_at_a_time(url: URL, postgres: PostgresServer, tmp_path: Path) -> None:
    here, there = PostgresPeers(url), PostgresPeers(url)
    elsewhere = Rebuilder(Settings(), turn=there.build_turn, module="no.such.module")
    for _ in range(2):  # the turn is given back
        async with here.build_turn() as mine:
            assert mine
            with pytest.raises(RebuildBusyError, match="another process"):
                await elsewhere.run(request=BuildRequest())
    async with here.build_turn():
        postgres.stop()
        postgres.start()
        async with there.build_turn() as mine:
            assert mine, "a lock that died with its connection is free; the state folder has one of its own"
    postgres.stop()
    try:
        async with here.build_turn() as mine:
            assert mine, "without the database, builds go on"
    finally:
        postgres.start()


def test_the_command_line_waits_for_no_turn(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with asyncio.Runner() as runner:
        address = runner.run(postgres.new_database())
    monkeypatch.setenv("FATHOM_DATABASE_URL", address)
    with build_turn_now(Settings()), pytest.raises(BuildBusyError, match="another process"), build_turn_now(Settings()):
        pass
    with build_turn_now(Settings()):
        pass


async def test_announcements_are_heard_at_once_and_after_the_server_was_away(
    url: URL, postgres: PostgresServer, database: Database
) -> None:
    history = Stores.over(database.sessions).history
    async with PostgresPeers(url).news() as until_news, asyncio.timeout(60):
        await until_news(60.0)  # what may have been announced before
        announcing = asyncio.create_task(history.note("rebuild", None, {}, serves="one"))
        await until_news(60.0)
        await announcing
        await until_news(0.05)  # nothing: it is only waited for
        postgres.stop()
        postgres.start()
        await until_news(60.0)  # listening again
        announcing = asyncio.create_task(history.note("rebuild", None, {}, serves="two"))
        await until_news(60.0)
        await announcing
