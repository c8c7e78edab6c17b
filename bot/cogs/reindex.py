"""Reading the library anew: `/reindex`, for moderators of the home servers and the bot's owner."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.markup import escape, shorten
from bot.rebuild import RebuildBusyError, RebuildError
from bot.services import Services
from bot.views.progress_message import ProgressMessage
from index.build import BuildReport, Progress
from index.problems import Severity

_log = logging.getLogger(__name__)
_SECONDS_BETWEEN_EDITS = 2.0
_SECONDS_TO_SAY_SO = 2.0
_MAX_PLACES = 12
_MAX_PROBLEMS = 8
_REFUSED = (
    "Only moderators of this bot's home servers, or its owner, can rebuild the library: "
    "every server reads the same one."
)


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
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    @app_commands.allowed_installs(guilds=True, users=False)
    async def reindex(self, interaction: discord.Interaction[Any]) -> None:
        """Rebuild with live progress and a report; refuse anyone else, and a second run at the same time."""
        await interaction.response.defer(thinking=True)
        if not await self._may(interaction):
            await interaction.edit_original_response(content=_REFUSED)
            return
        if self._services.rebuilder.running:
            await interaction.edit_original_response(content=_busy(self._services.rebuilder.progress))
            return
        message = ProgressMessage(interaction)
        task = asyncio.create_task(self._run(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _may(self, interaction: discord.Interaction[Any]) -> bool:
        """Check on our side: what a client shows is no protection."""
        if await self._bot.is_owner(interaction.user):
            return True
        home = interaction.guild_id in self._services.settings.discord.home_guilds
        return home and interaction.permissions.manage_guild

    async def _run(self, message: ProgressMessage) -> None:
        try:
            await self._rebuild(message)
        except asyncio.CancelledError:
            await message.show("**I am being restarted, so the library was not rebuilt.** Please start it again.")
            raise
        except RebuildBusyError:
            await message.show(_busy(None))
        except RebuildError as error:
            await message.show(
                f"**The library was not rebuilt; what served before goes on.**\n{escape(shorten(str(error), 1500))}"
            )
        except discord.HTTPException:
            _log.exception("the report of a rebuild could not be shown")

    async def _rebuild(self, message: ProgressMessage) -> None:
        await message.show("Reading the library …")
        last = time.monotonic()
        edits: set[asyncio.Task[None]] = set()

        def on_progress(progress: Progress) -> None:
            nonlocal last
            if progress.total and not edits and time.monotonic() - last >= _SECONDS_BETWEEN_EDITS:
                last = time.monotonic()
                edit = asyncio.create_task(message.show(_bar(progress)))
                edits.add(edit)
                edit.add_done_callback(edits.discard)

        report = await self._services.rebuilder.run(on_progress)
        if edits:
            await asyncio.gather(*edits, return_exceptions=True)
        generation = await self._services.answers.reload()
        await message.show(report_text(report, serving=generation is not None and generation.id == report.generation))


def _bar(progress: Progress) -> str:
    share = progress.done / progress.total
    filled = round(share * 20)
    return (
        f"Embedding {progress.done:,} of {progress.total:,} passages\n`{'█' * filled}{'░' * (20 - filled)}` {share:.0%}"
    )


def _busy(progress: Progress | None) -> str:
    how_far = f" It is at {progress.done / progress.total:.0%}." if progress and progress.total else ""
    return f"The library is being rebuilt already.{how_far} Please wait for that to end."


def report_text(report: BuildReport, *, serving: bool) -> str:
    """Return what a rebuild changed and what is wrong with the content, within one message of 2,000 characters."""
    counts = report.counts
    lines = [
        "**Nothing has changed since the last time.**"
        if not report.swapped
        else "**The new library is being served.**"
        if serving
        else "**The new library was built, but could not be opened; what served before goes on.**",
        f"{counts.concepts} concepts, {counts.passages:,} passages, {counts.references} works summarised.",
    ]
    if report.swapped:
        lines.append(f"Passages: {report.changes}. Embedded anew: {report.embedded}. {report.seconds:.0f} s.")
        for place in report.changes.places[:_MAX_PLACES]:
            depth = place.level.label if place.level else "Summary"
            parts = [
                f"{count} {word}"
                for count, word in (
                    (place.added, "added"),
                    (place.changed, "changed"),
                    (place.removed, "removed"),
                )
                if count
            ]
            lines.append(f"- {escape(shorten(place.title, 60))}, {depth}: {', '.join(parts)}")
        if (more := len(report.changes.places) - _MAX_PLACES) > 0:
            lines.append(f"- and {more} more places")
    lines += _problem_lines(report)
    return shorten("\n".join(lines), 1_950)


def _problem_lines(report: BuildReport) -> list[str]:
    if not report.problems:
        return ["No problems with the content."]
    errors = sum(problem.severity is Severity.ERROR for problem in report.problems)
    lines = [f"Problems with the content: {errors} errors, {len(report.problems) - errors} warnings."]
    ordered = sorted(report.problems, key=lambda problem: (problem.severity is not Severity.ERROR, problem))
    lines += [f"- {escape(shorten(str(problem), 160))}" for problem in ordered[:_MAX_PROBLEMS]]
    if len(ordered) > _MAX_PROBLEMS:
        lines.append("- all of them: `python -m bot check`")
    return lines
