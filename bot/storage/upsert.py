"""Writing a row that may be there already, also where another process writes it at the same moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.tables import Base


async def upsert(session: AsyncSession, table: type[Base], key: Mapping[str, Any], **values: Any) -> None:
    """Insert a row; where there is one with that key, change the values given and leave the rest."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(table) if on_sqlite else postgresql.insert(table)
    row = insert.values(**key, **values)
    await session.execute(row.on_conflict_do_update(index_elements=list(key), set_=values))
