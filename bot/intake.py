"""Events from Discord on their way in: each interaction and message once, and none that ends the bot."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from bot.logs.private_words import hide_only, written_in
from bot.watching.arrival import arriving

_log = logging.getLogger(__name__)
_REMEMBERED = 10_000
# What a person did, which must be answered once however often Discord delivers it.
_ONCE = frozenset({"INTERACTION_CREATE", "MESSAGE_CREATE"})
# A session that did not begin as it should is for discord.py to give up and begin anew.
_NEEDED = frozenset({"READY", "RESUMED"})

Parser = Callable[[Any], None]


class Seen:
    """The last ids that came by, as many as fit."""

    def __init__(self, size: int = _REMEMBERED) -> None:
        """Remember this many."""
        self._size = size
        self._ids: OrderedDict[str, None] = OrderedDict()

    def first(self, key: str) -> bool:
        """Say whether this is the first time that an id comes by, and remember it."""
        if key in self._ids:
            return False
        self._ids[key] = None
        if len(self._ids) > self._size:
            self._ids.popitem(last=False)
        return True


def guard(parsers: dict[str, Parser]) -> None:
    """Wrap discord.py's parsers of gateway events, in place.

    Without this, an event of a shape that discord.py does not know raises in its reader and ends the whole
    bot, and an event that is delivered twice (a resumed session may replay) is answered twice.
    """
    seen = Seen()
    for event, parser in list(parsers.items()):
        if event not in _NEEDED:
            parsers[event] = _guarded(event, parser, seen if event in _ONCE else None)


def _guarded(event: str, parser: Parser, seen: Seen | None) -> Parser:
    def parse(data: Any) -> None:
        if seen is not None and isinstance(data, dict) and not seen.first(f"{event} {data.get('id')}"):
            _log.info("an event that was delivered before is left out: %s", event)
            return
        hide_only(written_in(data) if event in _ONCE else ())
        try:
            with arriving():
                parser(data)
        except Exception:  # noqa: BLE001  # whatever a shape that nobody foresaw makes the parser raise
            _log.exception("an event could not be read and is left out: %s", event)

    return parse
