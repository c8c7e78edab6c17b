"""Keeping the limits in Discord: commands, messages and buttons, each with a kind word where it is one too many."""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING, Any

import discord

from bot.language import ngettext
from bot.limits import Limited, Limits, Refusal
from bot.speaking import SpeakingTree, speak_to
from bot.tell import tell

if TYPE_CHECKING:
    from bot.client import FathomBot

_log = logging.getLogger(__name__)
# Commands that ask nothing of the library: a member who asked much may still look something up or change it.
_FREE = frozenset(
    {"help", "level", "language", "privacy", "settings", "status", "stats", "gaps", "reindex", "rollback", "history"}
)


class LimitedTree(SpeakingTree):
    """The bot's commands, of which one member can only use so many a minute."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let a command through, or tell the member privately how long to wait; in the member's language."""
        await super().interaction_check(interaction)
        data: dict[str, Any] = dict(interaction.data or {})
        name = data.get("name")
        if interaction.type is not discord.InteractionType.application_command or name in _FREE:
            return True
        refusal = _limits(interaction).ask(interaction.user.id, interaction.channel_id)
        if refusal is not None:
            await tell(interaction, kind_word(refusal))
        return refusal is None


async def may_ask(limits: Limits, message: discord.Message) -> bool:
    """Say whether a message may be answered; where it is one too many, say so once, then keep silent."""
    refusal = limits.ask(message.author.id, message.channel.id)
    if refusal is not None and limits.first_word(refusal, message.author.id, message.channel.id):
        try:
            await message.reply(
                kind_word(refusal), mention_author=False, allowed_mentions=discord.AllowedMentions.none()
            )
        except discord.HTTPException as error:
            _log.info("could not ask a member to wait: %s", error)
    return refusal is None


async def may_press(interaction: discord.Interaction[Any]) -> bool:
    """Say whether a button or menu may be used; tell the member privately where it is one too many."""
    refusal = _limits(interaction).press(interaction.user.id)
    if refusal is not None:
        await speak_to(interaction)
        await tell(interaction, kind_word(refusal))
    return refusal is None


def kind_word(refusal: Refusal) -> str:
    """Return what to tell whoever asked too much, with how long to wait."""
    seconds = max(1, math.ceil(refusal.seconds))
    if refusal.whose is Limited.CHANNEL:
        text = ngettext(
            "Many questions are coming in here just now. I can take the next one in a second; thank you for waiting.",
            "Many questions are coming in here just now. I can take the next one in {count} seconds; thank you for "
            "waiting.",
            seconds,
        )
    else:
        text = ngettext(
            "That was a lot in a short time, and others want answers too. Please go on in a second; nothing is lost.",
            "That was a lot in a short time, and others want answers too. Please go on in {count} seconds; nothing "
            "is lost.",
            seconds,
        )
    return text.format(count=seconds)


def _limits(interaction: discord.Interaction[Any]) -> Limits:
    client: FathomBot = interaction.client
    return client.services.limits
