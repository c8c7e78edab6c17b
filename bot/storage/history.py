"""Who did what to the library: rebuilds, rollbacks, overrides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import select, update

from bot.storage.postgres_peers import announce
from bot.storage.store import Holding, Store
from bot.storage.tables import Base, Deed


class History(Store):
    """What moderators and the operator did; a moderator's name can be taken out, the deed stays."""

    table: ClassVar[type[Base]] = Deed
    holds: ClassVar[Holding] = Holding(
        what="if you are a moderator: when you rebuilt the library or went back to an earlier one",
        personal=True,
        kept="until you delete it; that it was done stays, without your name",
    )

    async def note(self, action: str, user_id: int | None, detail: dict[str, Any], *, serves: str = "") -> None:
        """Keep a deed; without a user it was the operator's or the bot's own.

        Args:
            action: what was done.
            user_id: the moderator who did it, or None.
            detail: what more there is to say.
            serves: the generation that serves from now on, which is announced to every process of the bot.
        """
        async with self._sessions.begin() as session:
            session.add(Deed(at=datetime.now(UTC), user_id=user_id, action=action, detail=detail))
            if serves:
                await announce(session, serves)

    async def latest(self, count: int) -> Sequence[Deed]:
        """Return the latest deeds, newest first."""
        async with self._sessions() as session:
            rows = await session.scalars(select(Deed).order_by(Deed.at.desc(), Deed.id.desc()).limit(count))
            return rows.all()

    async def about(self, user_id: int) -> tuple[str, ...]:
        """Return a moderator's deeds, a line each."""
        async with self._sessions() as session:
            rows = await session.scalars(select(Deed).where(Deed.user_id == user_id).order_by(Deed.at))
            return tuple(f"{row.at:%Y-%m-%d %H:%M} {row.action}" for row in rows)

    async def forget(self, user_id: int) -> None:
        """Take a moderator's id out of their deeds."""
        async with self._sessions.begin() as session:
            await session.execute(update(Deed).where(Deed.user_id == user_id).values(user_id=None))
