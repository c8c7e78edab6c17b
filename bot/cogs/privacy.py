"""What is kept about a member, and how to have it deleted: `/privacy`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.services import Services
from bot.storage.stores import Stores
from bot.views.pressing import answering, show
from bot.views.privacy_view import PATTERN, Kept, confirm_view, deleted_view, kept_view

if TYPE_CHECKING:
    from bot.client import FathomBot


class PrivacyCog(commands.Cog):
    """Shows members what is kept about them, and deletes it."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services."""
        self._bot = bot
        self._services = services

    async def cog_load(self) -> None:
        """Answer the buttons of every such message, from before a restart as well."""
        self._bot.add_dynamic_items(PrivacyButton)

    @app_commands.command(name="privacy", description="See what I keep about you, and delete it")
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.allowed_installs(guilds=True, users=True)
    async def privacy(self, interaction: discord.Interaction[Any]) -> None:
        """Show the member, and nobody else, everything that is kept about them."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        async with answering(interaction):
            await show(interaction, kept_view(await kept_about(self._services.stores, interaction.user.id)))


class PrivacyButton(ui.DynamicItem[ui.Button[ui.LayoutView]], template=PATTERN):
    """A button that turns a page, asks whether to delete, or deletes; always about whoever presses it."""

    def __init__(self, button: ui.Button[ui.LayoutView], match: re.Match[str]) -> None:
        """Take over a button of a message."""
        super().__init__(button)
        self._match = match

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> PrivacyButton:
        """Make the item for a button that was pressed."""
        return cls(item if isinstance(item, ui.Button) else ui.Button(custom_id=match.string), match)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the button says, in place."""
        await interaction.response.defer()
        client: FathomBot = interaction.client
        stores, user = client.services.stores, interaction.user.id
        async with answering(interaction):
            if self._match["verb"] == "delete":
                for store in stores:
                    await store.forget(user)
                await show(interaction, deleted_view())
                return
            kept = await kept_about(stores, user)
            asked = self._match["verb"] == "ask"
            await show(interaction, confirm_view(kept) if asked else kept_view(kept, int(self._match["page"] or 0)))


async def kept_about(stores: Stores, user_id: int) -> Kept:
    """Return what every store holds, with what it holds about a member."""
    return [(store.holds, await store.about(user_id)) for store in stores]
