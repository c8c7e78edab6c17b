"""The bot's own words in the language of whoever it speaks to: gettext catalogues, read from `bot/locale/`."""

from __future__ import annotations

import gettext as standard
import io
from contextvars import ContextVar
from functools import cache
from pathlib import Path

import polib

FALLBACK = "en"
NAMES = {"en": "English", "de": "Deutsch", "es": "Español"}
"""The languages the bot speaks, each by its own name; every one but English has a catalogue."""

LOCALE = Path(__file__).parent / "locale"

# What is said belongs to whoever acted. Each interaction and each message runs in a task of its own, so that
# what one of them speaks is not seen by another.
_spoken: ContextVar[str] = ContextVar("language", default=FALLBACK)


def gettext(message: str) -> str:
    """Return a text in the language that is being spoken; as it stands where there is no translation."""
    return texts(_spoken.get()).gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form of a text that goes with a number, in the language that is being spoken."""
    return texts(_spoken.get()).ngettext(singular, plural, count)


def gettext_noop(message: str) -> str:
    """Mark a text to be translated where it is used, not where it stands."""
    return message


def speak(language: str) -> None:
    """Speak a language from here on, in the task that is running and those it starts."""
    _spoken.set(language if language in NAMES else FALLBACK)


def spoken() -> str:
    """Return the language that is being spoken."""
    return _spoken.get()


def language_of_locale(locale: str) -> str:
    """Return the language for one of Discord's locales, such as `de` or `es-419`; English for one not spoken."""
    language = locale.partition("-")[0].casefold()
    return language if language in NAMES else FALLBACK


@cache
def texts(language: str) -> standard.NullTranslations:
    """Return a language's catalogue; reads a file the first time, so warm it with `load_texts`."""
    if language == FALLBACK or language not in NAMES:
        return standard.NullTranslations()
    catalogue = polib.pofile(str(LOCALE / f"{language}.po"), encoding="utf-8")
    return standard.GNUTranslations(io.BytesIO(catalogue.to_binary()))


def load_texts() -> None:
    """Read every catalogue, in a thread and before anyone is spoken to."""
    for language in NAMES:
        texts(language)
