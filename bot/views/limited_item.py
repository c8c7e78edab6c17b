"""A control that one member may press only so often."""

from __future__ import annotations

from typing import Any

import discord

from bot.limited import may_press


class LimitedItem:
    """To be named before `ui.DynamicItem` among what a control is made of."""

    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        """Let one member press only so often."""
        return await may_press(interaction)
