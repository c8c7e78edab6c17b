"""Telling one person something privately."""

from __future__ import annotations

import logging
from typing import Any

import discord

_log = logging.getLogger(__name__)


async def tell(interaction: discord.Interaction[Any], text: str) -> None:
    """Tell the person who acted something, privately, whatever state the interaction is in."""
    try:
        if interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True)
        else:
            await interaction.response.send_message(text, ephemeral=True)
    except discord.HTTPException as error:
        _log.warning("could not tell a member something: %s", error)
