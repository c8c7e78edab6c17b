"""How the bot is used: `/stats`, for moderators of the home servers and the bot's owner."""

from __future__ import annotations

import asyncio
import io
import logging
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.answer_service import NotReadyError
from bot.language import gettext as _
from bot.language import gettext_noop
from bot.permissions import MAY_NOT_SEE, moderates_home
from bot.services import Services
from bot.storage.served import Usage
from bot.tell import tell
from bot.usage_picture import can_draw, in_words, usage_picture
from bot.usage_text import usage_text
from bot.views.lasting import lasting
from index.library import DEFAULT_LANGUAGE

_log = logging.getLogger(__name__)
_FILE = "usage.png"
_COLOUR = discord.Colour(0x3E7CB1)
_HOW_TO_DRAW = gettext_noop("Pictures need the extra `stats`: pip install -e '.\\[stats]'")


class StatsCog(commands.Cog):
    """Counts what was served, without who asked or what."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services."""
        self._bot = bot
        self._services = services

    @app_commands.command(name="stats", description="Moderators: how I am used, and what people think of the pages")
    @app_commands.describe(days="How many days back (default: 30)")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def stats(self, interaction: discord.Interaction[Any], days: app_commands.Range[int, 1, 365] = 30) -> None:
        """Show the use of the last days, privately, as text and where possible as a picture."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        if not await moderates_home(interaction):
            await tell(interaction, _(MAY_NOT_SEE))
            return
        last = datetime.now(UTC).date()
        first = last - timedelta(days=days - 1)
        start = datetime.combine(first, time(), UTC)
        stores = self._services.stores
        usage = await stores.served.usage(start)
        blocks = usage_text(usage, await stores.feedback.counts(start), self._titles(), first=first, last=last)
        container: ui.Container[Any] = ui.Container(accent_colour=_COLOUR)
        for block in blocks:
            container.add_item(ui.TextDisplay(block))
        picture = await _picture(usage, first, last)
        if picture is not None:
            alt = in_words(usage, first=first, last=last)
            container.add_item(ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{_FILE}", description=alt)))
        elif usage.answers and not can_draw():
            container.add_item(ui.TextDisplay(f"-# {_(_HOW_TO_DRAW)}"))
        files = [discord.File(io.BytesIO(picture), filename=_FILE)] if picture is not None else []
        await interaction.edit_original_response(
            view=lasting(container), attachments=files, allowed_mentions=discord.AllowedMentions.none()
        )

    def _titles(self) -> dict[str, str]:
        try:
            concepts = self._services.answers.generation.concepts.values()
        except NotReadyError:
            return {}
        # The English title last, so that it wins over those of other languages.
        return {item.slug: item.title for item in sorted(concepts, key=lambda item: item.lang == DEFAULT_LANGUAGE)}


async def _picture(usage: Usage, first: date, last: date) -> bytes | None:
    """Return the picture, or None where there is nothing to draw or nothing to draw with."""
    if not usage.answers or not can_draw():
        return None
    try:
        return await asyncio.to_thread(usage_picture, usage, first=first, last=last)
    except (ImportError, OSError, ValueError):
        _log.exception("the picture of the usage could not be drawn; the text is shown without it")
        return None
