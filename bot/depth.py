"""How deep an answer goes, and who chose that."""

from __future__ import annotations

from dataclasses import dataclass

from bot.depth_choice import Choice
from bot.level_words import level_in_words
from bot.services import Services
from bot.storage.server_settings import ServerSettings
from bot.where import or_default
from index.levels import Level


@dataclass(frozen=True, slots=True)
class Depth:
    """A level, and who chose it."""

    level: Level
    choice: Choice


async def depth_for(
    services: Services, user_id: int, server: ServerSettings, *, question: str = "", explicit: Level | None = None
) -> Depth:
    """Return how deep to answer: as asked for, as the question says, as saved, as the server or the operator says.

    A database that cannot be read is the same as no saved level.
    """
    if explicit is not None:
        return Depth(explicit, Choice.EXPLICIT)
    if (spoken := level_in_words(question)) is not None:
        return Depth(spoken, Choice.WORDS)
    if (saved := await or_default(services.preferences.level(user_id), None)) is not None:
        return Depth(saved, Choice.SAVED)
    if server.default_level is not None:
        return Depth(server.default_level, Choice.SERVER)
    return Depth(services.settings.answers.default_level, Choice.DEFAULT)
