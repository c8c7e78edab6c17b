"""What every store has in common: it says what it holds, and gives and deletes what belongs to one member."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from bot.storage.database import Sessions
from bot.storage.tables import Base


@dataclass(frozen=True, slots=True)
class Holding:
    """What a store holds, in words for members, and whether any of it is tied to a person.

    Attributes:
        what: what is kept, as a member would say it.
        personal: whether it is kept with the id of a person.
        kept: for how long.
    """

    what: str
    personal: bool
    kept: str


class Store(ABC):
    """Rows of one sort, in the database that all stores share."""

    table: ClassVar[type[Base]]
    holds: ClassVar[Holding]

    def __init__(self, sessions: Sessions) -> None:
        """Keep rows in a database."""
        self._sessions = sessions

    @abstractmethod
    async def about(self, user_id: int) -> tuple[str, ...]:
        """Return everything kept about a person, a line each; nothing where no row has a person's id."""

    @abstractmethod
    async def forget(self, user_id: int) -> None:
        """Delete everything kept about a person."""


class ImpersonalStore(Store):
    """A store whose rows name nobody."""

    async def about(self, _user_id: int) -> tuple[str, ...]:
        """Return nothing: no row has a person's id."""
        return ()

    async def forget(self, _user_id: int) -> None:
        """Do nothing: no row has a person's id."""
