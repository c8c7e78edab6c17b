"""What every press has in common: the member's language, and a word when it cannot be answered."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord

from bot.answer_queue import NotNowError
from bot.language import gettext as _
from bot.not_now import not_now
from bot.speaking import speak_to
from bot.storage.database import DATABASE_ERRORS
from bot.tell import tell

_log = logging.getLogger(__name__)


@asynccontextmanager
async def answering(interaction: discord.Interaction[Any]) -> AsyncIterator[None]:
    """Speak the member's language, and tell them privately when the library or the database cannot be read."""
    await speak_to(interaction)
    try:
        yield
    except NotNowError as error:
        await tell(interaction, not_now(error, pressed=True))
    except DATABASE_ERRORS:
        _log.exception("a press could not be answered")
        await tell(interaction, _("I cannot reach my notes just now. Please try again in a minute."))


async def show(interaction: discord.Interaction[Any], view: discord.ui.LayoutView) -> None:
    """Replace what a deferred interaction shows; nothing in it pings."""
    await interaction.edit_original_response(view=view, allowed_mentions=discord.AllowedMentions.none())
