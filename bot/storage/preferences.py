"""The depth that each member prefers."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import delete

from bot.storage.database import Sessions
from bot.storage.tables import Preference
from index.levels import Level


class Preferences:
    """Members' choices, kept until they change or delete them."""

    def __init__(self, sessions: Sessions) -> None:
        """Keep them in a database."""
        self._sessions = sessions

    async def level(self, user_id: int) -> Level | None:
        """Return the depth a member chose, or None."""
        async with self._sessions() as session:
            row = await session.get(Preference, user_id)
        return Level(row.level) if row is not None and row.level in set(Level) else None

    async def set_level(self, user_id: int, level: Level) -> None:
        """Remember the depth a member chose."""
        async with self._sessions.begin() as session:
            await session.merge(Preference(user_id=user_id, level=level.value, updated_at=datetime.now(UTC)))

    async def forget(self, user_id: int) -> None:
        """Delete everything kept about a member."""
        async with self._sessions.begin() as session:
            await session.execute(delete(Preference).where(Preference.user_id == user_id))
