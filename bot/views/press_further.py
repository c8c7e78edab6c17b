"""Buttons that lead on from an answer: a level of one's own, a thread, the reasons."""

from __future__ import annotations

import discord
from discord import ui

from bot.language import gettext as _
from bot.language import gettext_noop
from bot.level_names import level_name
from bot.records import kept
from bot.tell import tell
from bot.threads import BOT_MAY_NOT, ThreadError, open_thread
from bot.views.answer_view import notice_view
from bot.views.press import Press
from bot.why import why

_NOT_HERE = gettext_noop(
    "Threads are for text channels of servers that I am a member of. "
    "Here, just go on: write to me, or reply to my answer, and I remember what we talked about."
)
_YOU_MAY_NOT = gettext_noop(
    "You may not open threads in this channel, so I do not open one for you. Reply to my answer to go on."
)
_GO_ON = gettext_noop(
    "**Go on here.** Mention me, or reply to me, and I answer with what was asked before in mind: "
    "“why?”, “can you give an example?”"
)


async def make_level_own(press: Press) -> None:
    """Remember the level of the button as that of whoever pressed it."""
    await press.interaction.response.defer(ephemeral=True, thinking=True)
    level = press.state.level
    if await kept(press.services.preferences.set_level(press.presser, level)):
        remembered = _("From now on you get **{level}**, in every server and in direct messages. `/level` changes it.")
        text = remembered.format(level=level_name(level))
    else:
        text = _("I could not write that down just now. Please try again in a minute.")
    await tell(press.interaction, text)


async def start_thread(press: Press) -> None:
    """Open a thread under the answer, in which its conversation goes on."""
    await press.interaction.response.defer(ephemeral=True, thinking=True)
    interaction, message = press.interaction, press.interaction.message
    place = await press.place()
    if message is None or message.flags.ephemeral or not place.can_open_thread:
        await tell(interaction, _(_NOT_HERE))
        return
    ours, theirs = interaction.app_permissions, interaction.permissions
    if not (ours.create_public_threads and ours.send_messages_in_threads):
        await tell(interaction, _(BOT_MAY_NOT))
        return
    if not theirs.create_public_threads:
        await tell(interaction, _(_YOU_MAY_NOT))
        return
    concept = press.concept
    try:
        thread = await open_thread(message, press.question or (concept.title if concept is not None else ""))
        await thread.send(view=notice_view(_(_GO_ON)), allowed_mentions=discord.AllowedMentions.none())
    except ThreadError as error:
        await tell(interaction, str(error))
        return
    await tell(interaction, _("The conversation goes on in {thread}").format(thread=thread.jump_url))


async def tell_why(press: Press) -> None:
    """Say privately how the answer came about.

    Raises:
        NotReadyError: there is no generation yet.
    """
    await press.interaction.response.defer(ephemeral=True, thinking=True)
    view: ui.LayoutView = await why(press.services, press.state, press.question)
    await press.edit(view)
