"""The three depths by their names in the language that is being spoken."""

from __future__ import annotations

from bot.language import gettext, gettext_noop
from index.levels import Level

_NAMES = {
    Level.BASIC: gettext_noop("Basic"),
    Level.INTERMEDIATE: gettext_noop("Intermediate"),
    Level.ADVANCED: gettext_noop("Advanced"),
}


def level_name(level: Level) -> str:
    """Return what a depth is called."""
    return gettext(_NAMES[level])
