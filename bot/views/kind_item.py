"""What is pressed or chosen in a moderator's panel, with a kind word where something goes wrong."""

from __future__ import annotations

import logging
from abc import abstractmethod
from typing import Any

import discord
from discord import ui

from bot.language import gettext as _
from bot.language import gettext_noop
from bot.speaking import speak_to
from bot.tell import tell
from bot.views.limited_item import LimitedItem

_log = logging.getLogger(__name__)
_SORRY = gettext_noop("That did not work, and it was not you. Nothing was changed; please try again in a moment.")
_AnyItem = ui.Item[Any]


class KindItem(LimitedItem, ui.DynamicItem[_AnyItem], template=r"fathom:nothing"):
    """A control whose state stands in its custom_id; it says so when what it does fails."""

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Act in the member's language, and tell whoever pressed if that failed."""
        await speak_to(interaction)
        try:
            await self.act(interaction)
        except discord.NotFound:
            _log.info("the panel was gone before the answer")
        except Exception:  # noqa: BLE001  # discord.py would log it too, and tell the member nothing
            _log.exception("a control failed: %s", self.custom_id)
            await tell(interaction, _(_SORRY))

    @abstractmethod
    async def act(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the control stands for; acknowledge first."""


def chosen(interaction: discord.Interaction[Any]) -> tuple[str, ...]:
    """Return what was chosen in a menu, as Discord sent it; ids, as text, for channels and roles."""
    data: dict[str, Any] = dict(interaction.data or {})
    return tuple(str(value) for value in data.get("values") or ())
