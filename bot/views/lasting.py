"""Messages whose controls keep all they need in their custom_ids."""

from __future__ import annotations

from typing import Any

import discord
from discord import ui


def lasting(*parts: ui.Item[Any]) -> ui.LayoutView:
    """Return a message of which nothing stays in memory: pressing is answered by `DynamicItem` classes alone.

    discord.py keeps every view that may still be pressed; one that is stopped before it is sent is not kept.
    """
    view = ui.LayoutView(timeout=None)
    for part in parts:
        view.add_item(part)
    view.stop()
    return view


def plain(text: str, colour: discord.Colour | None = None) -> ui.LayoutView:
    """Return a message with only a text."""
    return lasting(ui.Container(ui.TextDisplay(text), accent_colour=colour))
