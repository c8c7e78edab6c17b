"""The depth and the language that each member prefers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from sqlalchemy import delete

from bot.storage.store import Holding, Store
from bot.storage.tables import Base, Preference
from bot.storage.upsert import upsert
from index.levels import Level


class Preferences(Store):
    """Members' choices, kept until they change or delete them."""

    table: ClassVar[type[Base]] = Preference
    holds: ClassVar[Holding] = Holding(
        what="the level and the language you chose", personal=True, kept="until you delete it"
    )

    async def level(self, user_id: int) -> Level | None:
        """Return the depth a member chose, or None."""
        row = await self._row(user_id)
        return Level(row.level) if row is not None and row.level in set(Level) else None

    async def language(self, user_id: int) -> str | None:
        """Return the language a member chose, or None."""
        row = await self._row(user_id)
        return row.language if row is not None else None

    async def set_level(self, user_id: int, level: Level) -> None:
        """Remember the depth a member chose."""
        await self._set(user_id, level=level.value)

    async def set_language(self, user_id: int, language: str | None) -> None:
        """Remember the language a member chose; None for that of their Discord."""
        await self._set(user_id, language=language)

    async def about(self, user_id: int) -> tuple[str, ...]:
        """Return a member's choices, a line each."""
        row = await self._row(user_id)
        if row is None:
            return ()
        lines = [f"level: {row.level}"] if row.level else []
        return (*lines, f"language: {row.language}") if row.language else tuple(lines)

    async def forget(self, user_id: int) -> None:
        """Delete a member's choices."""
        async with self._sessions.begin() as session:
            await session.execute(delete(Preference).where(Preference.user_id == user_id))

    async def _row(self, user_id: int) -> Preference | None:
        async with self._sessions() as session:
            return await session.get(Preference, user_id)

    async def _set(self, user_id: int, **values: str | None) -> None:
        """Change what is given and leave the rest."""
        async with self._sessions.begin() as session:
            await upsert(session, Preference, {"user_id": user_id}, updated_at=datetime.now(UTC), **values)
