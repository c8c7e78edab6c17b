"""The concepts that each member has marked as understood."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from sqlalchemy import delete, select

from bot.storage.store import Holding, Store
from bot.storage.tables import Base, Understood
from bot.storage.upsert import upsert


class LearningPaths(Store):
    """What members need not be told to read again."""

    table: ClassVar[type[Base]] = Understood
    holds: ClassVar[Holding] = Holding(
        what="the topics you marked as understood", personal=True, kept="until you delete it"
    )

    async def understood(self, user_id: int) -> frozenset[str]:
        """Return the slugs of what a member has understood."""
        async with self._sessions() as session:
            rows = await session.scalars(select(Understood.slug).where(Understood.user_id == user_id))
            return frozenset(rows)

    async def mark(self, user_id: int, slug: str) -> None:
        """Remember that a member has understood a concept."""
        async with self._sessions.begin() as session:
            await upsert(session, Understood, {"user_id": user_id, "slug": slug}, at=datetime.now(UTC))

    async def unmark(self, user_id: int, slug: str) -> None:
        """Remember it no longer."""
        async with self._sessions.begin() as session:
            chosen = (Understood.user_id == user_id) & (Understood.slug == slug)
            await session.execute(delete(Understood).where(chosen))

    async def about(self, user_id: int) -> tuple[str, ...]:
        """Return what a member has understood, a line each."""
        return tuple(f"understood: {slug}" for slug in sorted(await self.understood(user_id)))

    async def forget(self, user_id: int) -> None:
        """Delete what a member has understood."""
        async with self._sessions.begin() as session:
            await session.execute(delete(Understood).where(Understood.user_id == user_id))
