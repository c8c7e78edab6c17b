"""Which answers were given, for `/stats`: without who asked or what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from sqlalchemy import case, delete, func, select

from bot.storage.store import Holding, ImpersonalStore
from bot.storage.tables import Base, Served
from index.levels import Level

KEPT = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Usage:
    """What was served since a moment, counted.

    Attributes:
        days: for each day with an answer, how many there were, and how many of them found no page.
        ways: how often each way of asking was used.
        levels: how often each depth was shown.
        tenths: how often the confidence was in each tenth, from 0-10 % to 90-100 %.
        pages: how often each page was shown, most often first.
    """

    days: dict[date, tuple[int, int]]
    ways: dict[str, int]
    levels: dict[Level, int]
    tenths: tuple[int, ...]
    pages: dict[str, int]

    @property
    def answers(self) -> int:
        """How many answers there were, those without a page included."""
        return sum(total for total, _ in self.days.values())

    @property
    def not_covered(self) -> int:
        """How many of them found no page."""
        return sum(missed for _, missed in self.days.values())


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

    async def usage(self, start: datetime) -> Usage:
        """Return what was counted since a moment, added up by the database: there may be a million rows."""
        how_often, day = func.count(), func.date(Served.at)
        # Databases differ in how they round, but not in how they compare.
        tenth = case(*((Served.confidence < place / 10, place - 1) for place in range(1, 10)), else_=9).label("tenth")
        missed = func.sum(case((Served.slug.is_(None), 1), else_=0))
        lately = Served.at >= start
        async with self._sessions() as session:
            days = await session.execute(select(day, how_often, missed).where(lately).group_by(day).order_by(day))
            ways = await session.execute(select(Served.how, how_often).where(lately).group_by(Served.how))
            levels = await session.execute(select(Served.level, how_often).where(lately).group_by(Served.level))
            sure = await session.execute(select(tenth, how_often).where(lately).group_by(tenth))
            pages = await session.execute(
                select(Served.slug, how_often)
                .where(lately & Served.slug.is_not(None))
                .group_by(Served.slug)
                .order_by(how_often.desc(), Served.slug)
            )
        tenths = [0] * 10
        for place, count in sure:
            tenths[place] += count
        shown: dict[str, int] = {str(level): count for level, count in levels}
        return Usage(
            days={date.fromisoformat(str(name)): (total, without) for name, total, without in days},
            ways={str(how): count for how, count in ways},
            levels={level: shown.get(level.value, 0) for level in Level},
            tenths=tuple(tenths),
            pages={str(slug): count for slug, count in pages},
        )

    async def latest_milliseconds(self, most: int) -> list[float]:
        """Return how long the latest answers took, newest first."""
        async with self._sessions() as session:
            rows = await session.scalars(select(Served.milliseconds).order_by(Served.at.desc()).limit(most))
            return list(rows)

    async def prune(self) -> None:
        """Drop what is older than a year."""
        async with self._sessions.begin() as session:
            await session.execute(delete(Served).where(Served.at < datetime.now(UTC) - KEPT))
