"""What the parts of the bot share, wired once at the start."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.answer_service import AnswerService
from bot.config import Settings
from bot.limits import Limits
from bot.rebuild import Rebuilder
from bot.status_board import StatusBoard
from bot.storage.database import Database
from bot.storage.preferences import Preferences
from bot.storage.stores import Stores


@dataclass(frozen=True, slots=True)
class Services:
    """Settings and everything with a life of its own."""

    settings: Settings
    answers: AnswerService
    rebuilder: Rebuilder
    database: Database
    stores: Stores
    limits: Limits
    status: StatusBoard = field(default_factory=StatusBoard)

    @property
    def preferences(self) -> Preferences:
        """What members chose."""
        return self.stores.preferences
