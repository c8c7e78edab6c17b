"""Who chose how deep an answer goes."""

from __future__ import annotations

from enum import StrEnum

from bot.language import gettext, gettext_noop


class Choice(StrEnum):
    """Who chose the depth of an answer; one letter, so that a button can carry it."""

    EXPLICIT = "e"
    WORDS = "w"
    SAVED = "s"
    SERVER = "g"
    DEFAULT = "d"
    PRESSED = "p"

    @property
    def reason(self) -> str:
        """Say it to a member."""
        return gettext(_REASONS[self])


_REASONS = {
    Choice.EXPLICIT: gettext_noop("it was asked for with the command's `level` option"),
    Choice.WORDS: gettext_noop("the words of the question ask for it"),
    Choice.SAVED: gettext_noop("it is the level that the one who asked chose with `/level`"),
    Choice.SERVER: gettext_noop("the one who asked has chosen no level, and it is this server's default"),
    Choice.DEFAULT: gettext_noop("the one who asked has chosen no level, and it is the default"),
    Choice.PRESSED: gettext_noop("a button under the answer was pressed"),
}
