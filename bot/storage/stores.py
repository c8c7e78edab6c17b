"""All stores of the bot, over one database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from bot.storage.database import Sessions
from bot.storage.feedback import FeedbackStore
from bot.storage.gaps import GapLog
from bot.storage.history import History
from bot.storage.learning import LearningPaths
from bot.storage.preferences import Preferences
from bot.storage.served import ServedLog
from bot.storage.server_settings import ServerSettingsStore
from bot.storage.store import Store


@dataclass(frozen=True, slots=True)
class Stores:
    """Every store; iterate to ask all of them the same thing."""

    preferences: Preferences
    learning: LearningPaths
    servers: ServerSettingsStore
    gaps: GapLog
    feedback: FeedbackStore
    served: ServedLog
    history: History

    @classmethod
    def over(cls, sessions: Sessions) -> Stores:
        """Make every store over one database."""
        return cls(
            preferences=Preferences(sessions),
            learning=LearningPaths(sessions),
            servers=ServerSettingsStore(sessions),
            gaps=GapLog(sessions),
            feedback=FeedbackStore(sessions),
            served=ServedLog(sessions),
            history=History(sessions),
        )

    def __iter__(self) -> Iterator[Store]:
        return iter(getattr(self, field.name) for field in fields(self))
