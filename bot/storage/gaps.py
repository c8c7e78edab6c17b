"""What people asked in vain, so that somebody can write it: without who asked, for ninety days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import delete, select

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

    async def prune(self) -> None:
        """Drop what is older than ninety days."""
        async with self._sessions.begin() as session:
            await session.execute(delete(Gap).where(Gap.at < datetime.now(UTC) - KEPT))
