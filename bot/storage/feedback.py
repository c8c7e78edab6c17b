"""What people thought of answers, without who they were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import delete, func, select

from bot.storage.store import Holding, ImpersonalStore
from bot.storage.tables import Base, FeedbackNote
from index.levels import Level

KEPT = timedelta(days=365)
_MAX_QUESTION = 500


class Verdict(StrEnum):
    """What somebody can say about an answer."""

    RIGHT = "right"
    WRONG_TOPIC = "wrong topic"
    TOO_HARD = "too hard"
    TOO_SIMPLE = "too simple"
    INCOMPLETE = "incomplete"
    BROKEN_LINK = "broken link"


class FeedbackStore(ImpersonalStore):
    """Verdicts on answers, each with the question as it stood on the answer."""

    table: ClassVar[type[Base]] = FeedbackNote
    holds: ClassVar[Holding] = Holding(
        what="what people thought of answers, without who they were", personal=False, kept="a year"
    )

    async def note(self, verdict: Verdict, slug: str, level: Level, question: str, generation: str) -> None:
        """Keep a verdict, and drop those whose time is over."""
        now = datetime.now(UTC)
        async with self._sessions.begin() as session:
            await session.execute(delete(FeedbackNote).where(FeedbackNote.at < now - KEPT))
            session.add(
                FeedbackNote(
                    at=now,
                    verdict=verdict,
                    slug=slug,
                    level=level,
                    question=question[:_MAX_QUESTION],
                    generation=generation,
                )
            )

    async def all(self) -> Sequence[FeedbackNote]:
        """Return what is kept, newest first."""
        async with self._sessions() as session:
            rows = await session.scalars(
                select(FeedbackNote).where(FeedbackNote.at >= datetime.now(UTC) - KEPT).order_by(FeedbackNote.at.desc())
            )
            return rows.all()

    async def counts(self, start: datetime) -> dict[str, dict[Verdict, int]]:
        """Return how often each verdict was given on each page since a moment."""
        query = select(FeedbackNote.slug, FeedbackNote.verdict, func.count()).where(FeedbackNote.at >= start)
        async with self._sessions() as session:
            rows = await session.execute(query.group_by(FeedbackNote.slug, FeedbackNote.verdict))
        counts: dict[str, dict[Verdict, int]] = {}
        for slug, verdict, count in rows:
            counts.setdefault(slug, {})[Verdict(verdict)] = count
        return counts

    async def prune(self) -> None:
        """Drop what is older than a year."""
        async with self._sessions.begin() as session:
            await session.execute(delete(FeedbackNote).where(FeedbackNote.at < datetime.now(UTC) - KEPT))
