"""Reading the library anew: `/reindex`, for moderators of the home servers and the bot's owner."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.build_request import BuildRequest
from bot.deeds import By, note_build, note_failure
from bot.language import gettext as _
from bot.language import ngettext
from bot.markup import escape, shorten
from bot.permissions import MAY_NOT_CHANGE, moderates_home
from bot.rebuild import RebuildBusyError, RebuildError
from bot.reindex_report import DIFF_FILE, diff_file, report_text
from bot.services import Services
from bot.views.progress_message import ProgressMessage
from index.build import Progress
from index.swap import BuildOutcome

_log = logging.getLogger(__name__)
_SECONDS_BETWEEN_EDITS = 2.0
_SECONDS_TO_SAY_SO = 2.0


class ReindexCog(commands.Cog):
    """Rebuilds the index on command, in a child process, while everyone is served."""

    def __init__(self, bot: commands.AutoShardedBot, services: Services) -> None:
        """Use the shared services."""
        self._bot = bot
        self._services = services
        self._tasks: set[asyncio.Task[None]] = set()

    async def cog_unload(self) -> None:
        """End a rebuild that is under way, its child process with it, and say so where it was asked for."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_SECONDS_TO_SAY_SO)

    @app_commands.command(name="reindex", description="Moderators: read the library anew after it was changed")
    @app_commands.describe(
        dry_run="Only show what would change; nothing is swapped",
        override="Swap even if golden questions that were answered right no longer are",
    )
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def reindex(
        self, interaction: discord.Interaction[Any], *, dry_run: bool = False, override: bool = False
    ) -> None:
        """Rebuild with live progress and a report; refuse anyone else, and a second run at the same time."""
        await interaction.response.defer(thinking=True)
        if not await moderates_home(interaction):
            await interaction.edit_original_response(content=_(MAY_NOT_CHANGE))
            return
        if self._services.rebuilder.running:
            await interaction.edit_original_response(content=_busy(self._services.rebuilder.progress))
            return
        request = BuildRequest(dry_run=dry_run, override=override, pull=True)
        task = asyncio.create_task(self._run(ProgressMessage(interaction), request, interaction.user.id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, message: ProgressMessage, request: BuildRequest, user_id: int) -> None:
        try:
            await self._rebuild(message, request, user_id)
        except asyncio.CancelledError:
            await message.show(_("**I am being restarted, so the library was not rebuilt.** Please start it again."))
            raise
        except RebuildBusyError:
            await message.show(_busy(None))
        except RebuildError as error:
            await note_failure(self._services.stores.history, str(error), By.MODERATOR, user_id)
            failed = _("**The library was not rebuilt; what served before goes on.**")
            await message.show(f"{failed}\n{escape(shorten(str(error), 1500))}")
        except discord.HTTPException:
            _log.exception("the report of a rebuild could not be shown")

    async def _rebuild(self, message: ProgressMessage, request: BuildRequest, user_id: int) -> None:
        await message.show(_("Reading the library …"))
        last = time.monotonic()
        edits: set[asyncio.Task[None]] = set()

        def on_progress(progress: Progress) -> None:
            nonlocal last
            if progress.total and not edits and time.monotonic() - last >= _SECONDS_BETWEEN_EDITS:
                last = time.monotonic()
                edit = asyncio.create_task(message.show(_bar(progress)))
                edits.add(edit)
                edit.add_done_callback(edits.discard)

        report = await self._services.rebuilder.run(on_progress, request)
        await note_build(self._services.stores.history, report, By.MODERATOR, user_id)
        if edits:
            await asyncio.gather(*edits, return_exceptions=True)
        # Also where nothing had changed: another process may have built what is on the disk.
        takes_over = report.outcome not in {BuildOutcome.DRY_RUN, BuildOutcome.REFUSED}
        generation = await self._services.answers.reload() if takes_over else None
        serving = generation is not None and generation.id == report.generation
        await message.show(report_text(report, serving=serving), file_name=DIFF_FILE, file=diff_file(report))


def _bar(progress: Progress) -> str:
    share = progress.done / progress.total
    filled = round(share * 20)
    text = ngettext("Embedding {done} of {count} passage", "Embedding {done} of {count} passages", progress.total)
    how_far = text.format(done=f"{progress.done:,}", count=f"{progress.total:,}")
    return f"{how_far}\n`{'█' * filled}{'░' * (20 - filled)}` {share:.0%}"


def _busy(progress: Progress | None) -> str:
    said = [_("The library is being rebuilt already.")]
    if progress and progress.total:
        said.append(_("It is at {share}.").format(share=f"{progress.done / progress.total:.0%}"))
    return " ".join([*said, _("Please wait for that to end.")])
