"""One message that goes on telling how far something is, longer than an interaction lives."""

from __future__ import annotations

import io
import logging
from typing import Any

import discord

_log = logging.getLogger(__name__)
# Discord's token for an interaction lives 15 minutes; change over while it still works.
_INTERACTION_SECONDS = 14 * 60


class ProgressMessage:
    """The answer to an interaction while that can be edited, then an ordinary message in its channel."""

    def __init__(self, interaction: discord.Interaction[Any]) -> None:
        """Take over an interaction that was answered or deferred."""
        self._interaction = interaction
        self._message: discord.Message | None = None

    async def show(self, text: str, *, file_name: str = "report.txt", file: bytes | None = None) -> None:
        """Replace what the message says, and attach a file to it where that is allowed."""
        if file is not None:
            try:
                await self._show(text, [discord.File(io.BytesIO(file), file_name)])
            except discord.HTTPException as error:
                _log.warning("%s could not be attached: %s", file_name, error)
            else:
                return
        await self._show(text, [])

    async def _show(self, text: str, files: list[discord.File]) -> None:
        if self._message is not None:
            self._message = await self._message.edit(content=text, attachments=files)
        elif self._alive():
            await self._interaction.edit_original_response(content=text, attachments=files)
        else:
            channel = self._interaction.channel
            if isinstance(channel, discord.abc.Messageable):
                self._message = await channel.send(text, files=files)

    def _alive(self) -> bool:
        age = discord.utils.utcnow() - self._interaction.created_at
        return age.total_seconds() < _INTERACTION_SECONDS
