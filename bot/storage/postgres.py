"""PostgreSQL through asyncpg: the address as an operator writes it, and connections that do not wait for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.extras import require_extra

_SCHEMES = {"postgres", "postgresql", "postgresql+asyncpg"}
_SECONDS_TO_CONNECT = 5.0
_SECONDS_A_STATEMENT = 15.0
_SECONDS_TO_HANG_UP = 0.2


class AddressError(Exception):
    """An address of a database that cannot be used; the message does not repeat it, as it may hold a password."""


def postgres_url(address: str) -> URL:
    """Return the address of a PostgreSQL database; shown as text, it hides its password.

    Raises:
        AddressError: it is none.
    """
    try:
        url = make_url(address.strip())
    except (ArgumentError, ValueError):
        url = URL.create("unknown")
    if url.drivername not in _SCHEMES or not url.database:
        raise AddressError(
            "FATHOM_DATABASE_URL is not the address of a PostgreSQL database; "
            "write it as postgresql://user:password@host:5432/database, with @ : / ? # in the password as %40 %3A "
            "%2F %3F %23, or leave it out to use the embedded database"
        )
    return url.set(drivername="postgresql+asyncpg")


def place_of(url: URL) -> str:
    """Return where a database is, for people to read: without user, password and options."""
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{url.host or 'localhost'}{port}/{url.database}"


def postgres_engine(url: URL, *, seconds: float = _SECONDS_A_STATEMENT) -> AsyncEngine:
    """Return an engine whose connections are tried before each use, so that a server may go away and come back.

    Args:
        url: from `postgres_url`; its options, such as `sslmode`, are those that libpq knows.
        seconds: how long a statement may take.

    Raises:
        MissingExtraError: asyncpg is not installed.
    """
    require_extra("postgres", "asyncpg")
    return create_async_engine(
        URL.create(url.drivername),
        async_creator=partial(connect, url, seconds=seconds),
        pool_pre_ping=True,
        pool_timeout=_SECONDS_TO_CONNECT,
        # Errors are logged; questions and people are not.
        hide_parameters=True,
    )


async def connect(url: URL, *, seconds: float = _SECONDS_A_STATEMENT) -> Any:
    """Open a connection of asyncpg.

    Raises:
        OperationalError: the server refuses.
        OSError: there is no server, or it does not answer in time.
    """
    import asyncpg

    class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
        """Of a server that no longer answers, SQLAlchemy takes leave for two seconds: too long for who waits."""

        async def close(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109  # asyncpg's signature
            await super().close(timeout=timeout and min(timeout, _SECONDS_TO_HANG_UP))

    with database_errors():
        return await asyncpg.connect(
            url.set(drivername="postgresql").render_as_string(hide_password=False),
            timeout=_SECONDS_TO_CONNECT,
            command_timeout=seconds,
            connection_class=Connection,
            # Days are counted in UTC wherever the server is.
            server_settings={"timezone": "UTC", "application_name": "fathom"},
        )


@contextmanager
def database_errors() -> Iterator[None]:
    """Turn the errors of asyncpg into those of SQLAlchemy, where SQLAlchemy does not do so itself.

    Raises:
        OperationalError: asyncpg raised one of its own.
    """
    import asyncpg

    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise OperationalError(None, None, error) from None
