"""What people asked in vain, so that somebody can write it: without who asked, for ninety days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import delete, func, select

from bot.storage.store import Holding, ImpersonalStore
from bot.storage.tables import Base, Gap
from index.levels import Level

KEPT = timedelta(days=90)
_MAX_QUESTION = 500


class GapKind(StrEnum):
    """Why a question counts as unanswered."""

    NOT_COVERED = "not covered"
    DEPTH_MISSING = "depth missing"


class GapLog(ImpersonalStore):
    """Questions without an answer; an operator can turn the log off."""

    table: ClassVar[type[Base]] = Gap
    holds: ClassVar[Holding] = Holding(
        what="questions that the library could not answer, without who asked them", personal=False, kept="90 days"
    )

    async def note(self, kind: GapKind, question: str, level: Level, language: str, slug: str | None = None) -> None:
        """Keep a question, cut to 500 characters, and drop those whose time is over."""
        now = datetime.now(UTC)
        async with self._sessions.begin() as session:
            await session.execute(delete(Gap).where(Gap.at < now - KEPT))
            session.add(
                Gap(at=now, kind=kind, question=question[:_MAX_QUESTION], slug=slug, level=level, language=language)
            )

    async def all(self) -> Sequence[Gap]:
        """Return what is kept, newest first."""
        async with self._sessions() as session:
            rows = await session.scalars(select(Gap).where(Gap.at >= datetime.now(UTC) - KEPT).order_by(Gap.at.desc()))
            return rows.all()

    async def questions(self, most: int) -> list[tuple[str, Level, str, int]]:
        """Return the questions not covered, as (text, level, language, how often), most frequent first."""
        how_often = func.count()
        wanted = (Gap.kind == GapKind.NOT_COVERED) & (Gap.at >= datetime.now(UTC) - KEPT)
        async with self._sessions() as session:
            rows = await session.execute(
                select(Gap.question, Gap.level, Gap.language, how_often)
                .where(wanted)
                .group_by(Gap.question, Gap.level, Gap.language)
                .order_by(how_often.desc(), func.max(Gap.at).desc(), Gap.question)
                .limit(most)
            )
            return [(text, Level(level), language, count) for text, level, language, count in rows]

    async def depths(self) -> list[tuple[str, Level, int]]:
        """Return which depth was missing on which page, as (slug, level, how often), most frequent first."""
        how_often = func.count()
        wanted = (Gap.kind == GapKind.DEPTH_MISSING) & (Gap.at >= datetime.now(UTC) - KEPT) & Gap.slug.is_not(None)
        async with self._sessions() as session:
            rows = await session.execute(
                select(Gap.slug, Gap.level, how_often)
                .where(wanted)
                .group_by(Gap.slug, Gap.level)
                .order_by(how_often.desc(), Gap.slug, Gap.level)
            )
            return [(str(slug), Level(level), count) for slug, level, count in rows]

    async def count(self) -> int:
        """Return how many questions without an answer are kept."""
        async with self._sessions() as session:
            found = await session.scalar(select(func.count()).where(Gap.at >= datetime.now(UTC) - KEPT))
            return int(found or 0)

    async def prune(self) -> None:
        """Drop what is older than ninety days."""
        async with self._sessions.begin() as session:
            await session.execute(delete(Gap).where(Gap.at < datetime.now(UTC) - KEPT))
