"""Processes that share a PostgreSQL database: turns by advisory locks, news by LISTEN.

A lock belongs to a connection, so it ends with the process that holds it, however that ends. Without the database
a process goes on alone: builds are still kept apart by the lock on the state folder, and news are still on the disk.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from enum import IntEnum
from typing import Any

from sqlalchemy import URL, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.peers import News
from bot.storage.postgres import connect, database_errors

_log = logging.getLogger(__name__)
CHANNEL = "fathom_generation"
LOCKS = 0x466174
"""The first number of every lock here; the second is one of `Lock`."""
_IDENTIFY_SECONDS = 5.1
_SECONDS_FOR_A_TURN = 120.0
_TRIED_EVERY_SECONDS = 20.0
_QUICKEST_RETRY_SECONDS, _SLOWEST_RETRY_SECONDS = 1.0, 30.0
_SECONDS_TO_HANG_UP = 1.0


class Lock(IntEnum):
    """What one process does at a time."""

    MIGRATE = 1
    BUILD = 2
    IDENTIFY = 1000
    """Plus the bucket."""


async def announce(session: AsyncSession, generation: str) -> None:
    """Tell every process which generation serves from now on, when the session commits; on SQLite nobody listens."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(func.pg_notify(CHANNEL, generation)))


class PostgresPeers:
    """The other processes that use the same database."""

    def __init__(self, url: URL) -> None:
        """Talk to them over connections of their own, beside those of the stores."""
        self._url = url
        self._turns: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def build_turn(self) -> AsyncIterator[bool]:
        """Hold the turn to build; False while another process has it, True if the database cannot be asked."""
        async with AsyncExitStack() as stack:
            mine = True
            try:
                connection = await self._connection(stack)
                with database_errors():
                    mine = await connection.fetchval("SELECT pg_try_advisory_lock($1, $2)", LOCKS, Lock.BUILD)
            except (SQLAlchemyError, OSError) as error:
                _log.warning("other processes cannot be asked whether they build: %s", type(error).__name__)
            yield mine

    @asynccontextmanager
    async def news(self) -> AsyncIterator[News]:
        """Listen for announcements, and anew whenever the connection is lost."""
        heard = asyncio.Event()

        async def wait(seconds: float) -> None:
            with suppress(TimeoutError):
                await asyncio.wait_for(heard.wait(), seconds)
            heard.clear()

        listening = asyncio.create_task(self._listen(heard))
        try:
            yield wait
        finally:
            listening.cancel()
            await asyncio.wait({listening})

    async def identify_turn(self, bucket: int) -> None:
        """Wait until a shard may start a session, and keep the others of its bucket waiting for five seconds."""
        stack = AsyncExitStack()
        try:
            connection = await self._connection(stack)
            with database_errors():
                await connection.execute(
                    f"SELECT pg_advisory_lock({LOCKS}, {Lock.IDENTIFY + bucket})", timeout=_SECONDS_FOR_A_TURN
                )
        except (SQLAlchemyError, OSError) as error:
            # Discord then refuses one that comes too early, and it is tried again.
            _log.warning("a shard starts without waiting for other processes: %s", type(error).__name__)
            await stack.aclose()
            return
        except asyncio.CancelledError:
            await stack.aclose()
            raise
        turn = asyncio.create_task(_hold(stack))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)

    async def _listen(self, heard: asyncio.Event) -> None:
        pause = _QUICKEST_RETRY_SECONDS
        while True:
            try:
                async with AsyncExitStack() as stack:
                    connection = await self._connection(stack)
                    lost = asyncio.Event()
                    connection.add_termination_listener(lambda _, lost=lost: lost.set())
                    with database_errors():
                        await connection.add_listener(CHANNEL, lambda *_: heard.set())
                    heard.set()  # what was announced while nobody listened
                    pause = _QUICKEST_RETRY_SECONDS
                    await _until_lost(connection, lost)
            except (SQLAlchemyError, OSError) as error:
                _log.warning("announcements of generations are not heard for now: %s", type(error).__name__)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(2 * pause, _SLOWEST_RETRY_SECONDS)

    async def _connection(self, stack: AsyncExitStack) -> Any:
        """Open a connection that the stack closes, whatever state it is in by then."""
        connection = await connect(self._url)
        stack.push_async_callback(_hang_up, connection)
        return connection


async def _until_lost(connection: Any, lost: asyncio.Event) -> None:
    """Return when a connection is lost; a server that vanished without a word is noticed only by asking."""
    while not lost.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(lost.wait(), _TRIED_EVERY_SECONDS)
            return
        with database_errors():
            await connection.fetchval("SELECT 1")


async def _hold(stack: AsyncExitStack) -> None:
    try:
        await asyncio.sleep(_IDENTIFY_SECONDS)
    finally:
        await stack.aclose()


async def _hang_up(connection: Any) -> None:
    """Close a connection; its locks are given back first, as the server takes a moment to see that it is gone."""
    try:
        with database_errors():
            await connection.execute("SELECT pg_advisory_unlock_all()", timeout=_SECONDS_TO_HANG_UP)
    except (SQLAlchemyError, OSError):
        pass
    finally:
        connection.terminate()
