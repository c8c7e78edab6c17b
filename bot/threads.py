"""Threads in which a conversation goes on."""

from __future__ import annotations

import discord

from bot.explainer import clean_question
from bot.language import gettext as _
from bot.language import gettext_noop
from bot.markup import shorten, without_mentions

_MAX_NAME = 100
_EXISTS = 160004
BOT_MAY_NOT = gettext_noop(
    "I may not open threads in this channel. A moderator can allow it: "
    "“Create Public Threads” and “Send Messages in Threads”."
)


class ThreadError(Exception):
    """No thread could be opened; the message says why, to a member."""


async def open_thread(message: discord.Message, name: str) -> discord.Thread:
    """Open a thread under a message.

    Raises:
        ThreadError: it has one already, or the bot may not.
    """
    if message.flags.has_thread or (message.guild is not None and message.guild.get_thread(message.id) is not None):
        raise ThreadError(_there_is_one(message))
    title = shorten(without_mentions(clean_question(name)), _MAX_NAME) or _("Questions")
    try:
        return await message.create_thread(name=title)
    except discord.Forbidden:
        raise ThreadError(_(BOT_MAY_NOT)) from None
    except discord.HTTPException as error:
        if error.code == _EXISTS:
            raise ThreadError(_there_is_one(message)) from None
        sorry = _("Discord would not open a thread here just now. Reply to my answer to go on.")
        raise ThreadError(sorry) from error
    except ValueError:
        # What discord.py says for a message outside of any server.
        no_threads = _("There are no threads here. Just write on: I remember what we talked about.")
        raise ThreadError(no_threads) from None


def _there_is_one(message: discord.Message) -> str:
    # A thread has the id of the message that it hangs from.
    guild = message.guild.id if message.guild is not None else "@me"
    link = f"https://discord.com/channels/{guild}/{message.id}"
    return _("There is a thread already: {link}").format(link=link)
