"""Answering a message with a message: a reply, or the first message of a thread."""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import ui

from bot.threads import ThreadError, open_thread

_log = logging.getLogger(__name__)
_INVALID_BODY = 50035


async def send_reply(message: discord.Message, view: ui.LayoutView, *, thread: str | None = None) -> None:
    """Answer a message; where the bot may not speak, or the message is gone, nothing breaks.

    Args:
        message: what was written.
        view: the answer.
        thread: the name of a thread to open for the answer; None to reply in the channel.
    """
    # With a nonce, a message that has to be sent again after a cut connection still appears once.
    options: Any = {"view": view, "allowed_mentions": discord.AllowedMentions.none(), "nonce": message.id}
    try:
        if thread is None or not await _sent_in_thread(message, options, thread):
            await message.reply(mention_author=False, **options)
    except (discord.Forbidden, discord.NotFound):
        _log.info("may not answer in channel %d", message.channel.id)
    except discord.HTTPException as error:
        if error.code != _INVALID_BODY:  # else the question was deleted meanwhile: nothing to reply to
            raise
        await message.channel.send(**options)


async def _sent_in_thread(message: discord.Message, options: Any, name: str) -> bool:
    """Say whether the answer stands in a thread of its own now."""
    try:
        thread = await open_thread(message, name)
        await thread.send(**options)
    except (ThreadError, discord.Forbidden) as error:
        _log.info("answering in channel %d instead of a thread: %s", message.channel.id, error)
        return False
    return True
