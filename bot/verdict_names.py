"""What one can say about an answer, by its name in the language that is being spoken."""

from __future__ import annotations

from bot.language import gettext, gettext_noop
from bot.storage.feedback import Verdict

_NAMES = {
    Verdict.RIGHT: gettext_noop("right"),
    Verdict.WRONG_TOPIC: gettext_noop("wrong topic"),
    Verdict.TOO_HARD: gettext_noop("too hard"),
    Verdict.TOO_SIMPLE: gettext_noop("too simple"),
    Verdict.INCOMPLETE: gettext_noop("incomplete"),
    Verdict.BROKEN_LINK: gettext_noop("broken link"),
}


def verdict_name(verdict: Verdict) -> str:
    """Return what a verdict is called."""
    return gettext(_NAMES[verdict])
