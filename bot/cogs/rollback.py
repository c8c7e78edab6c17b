"""Going back to an earlier generation: `/rollback`, for moderators of the home servers and the bot's owner."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.answer_service import NotReadyError
from bot.deeds import By, note_rollback
from bot.language import gettext as _
from bot.markup import escape, shorten
from bot.permissions import MAY_NOT_CHANGE, moderates_home
from bot.services import Services
from index.generation_store import GenerationStore
from index.rollback import KeptGeneration, RollbackError, RolledBack, kept_generations, roll_back

_log = logging.getLogger(__name__)
_MAX_CHOICES, _MAX_NAME = 25, 100


class RollbackCog(commands.Cog):
    """Serves a generation that was kept, in place of the current one."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services."""
        self._bot = bot
        self._services = services

    @app_commands.command(name="rollback", description="Moderators: serve an earlier state of the library again")
    @app_commands.describe(generation="Which one; leave empty for the one before the current one")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def rollback(
        self, interaction: discord.Interaction[Any], generation: app_commands.Range[str, 1, 100] | None = None
    ) -> None:
        """Go back, and say what is served now and for how long."""
        await interaction.response.defer(thinking=True)
        if not await moderates_home(interaction):
            await interaction.edit_original_response(content=_(MAY_NOT_CHANGE))
            return
        await interaction.edit_original_response(content=await self._roll_back(generation, interaction.user.id))

    @rollback.autocomplete("generation")
    async def complete(self, interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
        """Offer the generations that were kept: when each was made, and how much it holds."""
        if not await moderates_home(interaction):
            return []
        store = GenerationStore(self._services.settings.state.path)
        kept = await asyncio.to_thread(kept_generations, store)
        offered = [(kept_label(item), item.name) for item in kept if not item.serving]
        wanted = current.casefold().split()
        return [
            app_commands.Choice(name=label[:_MAX_NAME], value=name)
            for label, name in offered
            if all(word in f"{label} {name}".casefold() for word in wanted)
        ][:_MAX_CHOICES]

    async def _roll_back(self, wanted: str | None, user_id: int) -> str:
        services = self._services
        if services.rebuilder.running:
            return _("The library is being rebuilt. Please wait for that to end, then go back.")
        try:
            done = await asyncio.to_thread(
                roll_back,
                services.settings.state.path,
                services.settings.knowledge.path,
                wanted,
                model_checksum=services.answers.generation.manifest.model_checksum,
            )
        except (RollbackError, NotReadyError) as error:
            return f"{_('**Nothing was changed.**')}\n{escape(shorten(str(error), 1500))}"
        await note_rollback(services.stores.history, done, By.MODERATOR, user_id)
        serving = await services.answers.reload()
        if serving is None or serving.id != done.to.name:
            return _("**That state of the library could not be opened; see the log.** What served before goes on.")
        return rollback_text(done)


def kept_label(kept: KeptGeneration) -> str:
    """Return a generation in a few words: when it was made (UTC), and how much it holds."""
    counts = kept.manifest.counts
    return _("{time} UTC · {concepts} concepts, {passages} passages").format(
        time=f"{kept.manifest.created:%Y-%m-%d %H:%M}", concepts=counts.concepts, passages=f"{counts.passages:,}"
    )


def rollback_text(done: RolledBack) -> str:
    """Return what is served after a rollback, and for how long."""
    until = (
        _("It stays until somebody runs `/reindex`, or the content is changed again.")
        if done.held
        else _("It is what the content folder holds now.")
    )
    served = _("**The library of {state} is being served.**").format(state=escape(kept_label(done.to)))
    return f"{served}\n{until}"
