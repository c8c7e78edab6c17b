"""Building from the command line, beside the processes of a bot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL

from bot.config import Settings
from bot.storage.database import database_url
from bot.storage.postgres_peers import PostgresPeers
from index.build import BuildBusyError


@contextmanager
def build_turn_now(settings: Settings) -> Iterator[None]:
    """Hold the turn to build among the processes that share a database, from one without an event loop.

    Raises:
        BuildBusyError: another process has it.
        StorageError: the environment names a database in a way that cannot be read.
    """
    url = database_url(settings.state.path)
    if not isinstance(url, URL):
        yield
        return
    turn = PostgresPeers(url).build_turn()
    with asyncio.Runner() as runner:
        mine = runner.run(turn.__aenter__())
        try:
            if not mine:
                raise BuildBusyError("another process is building the index; wait for it to end")
            yield
        finally:
            runner.run(turn.__aexit__(None, None, None))
