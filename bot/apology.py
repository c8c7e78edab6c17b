"""What happens when an interaction could not be answered."""

from __future__ import annotations

import logging
from typing import Any

import discord

from bot.language import gettext, gettext_noop
from bot.tell import tell

_log = logging.getLogger(__name__)
_SORRY = gettext_noop("Something went wrong here, and it was not you. Please try again in a moment.")
# Unknown channel, message, webhook (a token that ran out), interaction; invalid webhook token; answered by another.
_GONE = frozenset({10003, 10008, 10015, 10062, 50027, 40060})


async def apologise(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Log what went wrong and say so to the person who acted, unless there is nobody to say it to any more."""
    original = getattr(error, "original", error)
    if isinstance(original, discord.HTTPException) and original.code in _GONE:
        _log.info("the interaction or its message was gone before the answer (%d)", original.code)
        return
    _log.error("an interaction failed", exc_info=original)
    await tell(interaction, gettext(_SORRY))
