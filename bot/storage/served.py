"""Which answers were given, for `/stats`: without who asked or what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from sqlalchemy import delete, select

from bot.storage.store import Holding, ImpersonalStore
from bot.storage.tables import Base, Served
from index.levels import Level

KEPT = timedelta(days=365)


class ServedLog(ImpersonalStore):
    """One row an answer."""

    table: ClassVar[type[Base]] = Served
    holds: ClassVar[Holding] = Holding(
        what="which pages were shown, how deep and how fast, without who asked or what",
        personal=False,
        kept="a year",
    )

    async def note(self, how: str, slug: str | None, level: Level, confidence: float, milliseconds: float) -> None:
        """Count an answer.

        Args:
            how: where it was asked: `ask`, `mention`, `direct`, `button`, ...
            slug: the concept, or None where the library had none.
            level: the depth shown.
            confidence: from 0 to 1.
            milliseconds: from question to answer.
        """
        async with self._sessions.begin() as session:
            session.add(
                Served(
                    at=datetime.now(UTC),
                    how=how,
                    slug=slug,
                    level=level,
                    confidence=confidence,
                    milliseconds=milliseconds,
                )
            )

    async def since(self, start: datetime) -> Sequence[Served]:
        """Return what was counted since a moment, oldest first."""
        async with self._sessions() as session:
            rows = await session.scalars(select(Served).where(Served.at >= start).order_by(Served.at))
            return rows.all()

    async def prune(self) -> None:
        """Drop what is older than a year."""
        async with self._sessions.begin() as session:
            await session.execute(delete(Served).where(Served.at < datetime.now(UTC) - KEPT))
