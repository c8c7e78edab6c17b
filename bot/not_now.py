"""What to tell somebody whose question cannot be answered now."""

from __future__ import annotations

from bot.answer_queue import BusyError, NotNowError
from bot.answer_service import SearchAwayError
from bot.language import gettext, gettext_noop

_BUSY = gettext_noop("I am busy right now, as many people are asking. Please ask again in a minute.")
_BUSY_PRESS = gettext_noop("I am busy right now, as many people are asking. Please press again in a minute.")
_NOT_READY = gettext_noop("I am still reading the library. Please ask again in a minute.")
_NOT_READY_PRESS = gettext_noop("I am still reading the library. Please press again in a minute.")

_SEARCH_AWAY = gettext_noop(
    "I cannot search the whole library just now, and found nothing that I am sure of without. "
    "Please ask again in a few minutes."
)
_SEARCH_AWAY_PRESS = gettext_noop(
    "I cannot search the whole library just now, and found nothing that I am sure of without. "
    "Please press again in a few minutes."
)


def not_now(error: NotNowError, *, pressed: bool = False) -> str:
    """Return why there is no answer now and when to try again.

    Args:
        error: what prevented the answer.
        pressed: whether a button or menu was used, rather than a question asked.
    """
    if isinstance(error, BusyError):
        return gettext(_BUSY_PRESS if pressed else _BUSY)
    if isinstance(error, SearchAwayError):
        return gettext(_SEARCH_AWAY_PRESS if pressed else _SEARCH_AWAY)
    return gettext(_NOT_READY_PRESS if pressed else _NOT_READY)
