"""Noting who did what to the library, from every path that does anything to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any

from bot.config import Settings
from bot.storage.database import DATABASE_ERRORS, StorageError, database_url, open_database
from bot.storage.history import History
from index.build import BuildReport
from index.rollback import RolledBack
from index.swap import BuildOutcome

_log = logging.getLogger(__name__)
_MAX_NAMED = 10
_SECONDS = 10.0


class Action(StrEnum):
    """What can be done to the library; at most 20 characters, as the database keeps it."""

    REBUILD = "rebuild"
    DRY_RUN = "dry run"
    REFUSED = "refused swap"
    OVERRIDE = "override"
    ROLLBACK = "rollback"
    FAILED = "failed rebuild"


class By(StrEnum):
    """From where something was done; only a moderator's deed has a person's id."""

    MODERATOR = "a moderator"
    COMMAND_LINE = "the command line"
    START = "the start of the bot"
    WATCH = "the watch on the folder"


_ACTIONS = {
    BuildOutcome.SWAPPED: Action.REBUILD,
    BuildOutcome.UNCHANGED: Action.REBUILD,
    BuildOutcome.DRY_RUN: Action.DRY_RUN,
    BuildOutcome.REFUSED: Action.REFUSED,
    BuildOutcome.OVERRIDDEN: Action.OVERRIDE,
}


async def note_build(history: History, report: BuildReport, by: By, user_id: int | None = None) -> None:
    """Note a build that ended with a report; one that found nothing new is noted only if a person asked for it."""
    if report.outcome is BuildOutcome.UNCHANGED and user_id is None:
        return
    changes = report.changes
    detail: dict[str, Any] = {"by": by.value, "generation": report.generation, "outcome": report.outcome.value}
    detail["passages"] = {"added": changes.added, "changed": changes.changed, "removed": changes.removed}
    if report.golden is not None:
        detail["golden"] = {"asked": report.golden.asked, "right": len(report.golden.right)}
        detail["broken"] = [item.question for item in report.golden.broken[:_MAX_NAMED]]
    if report.pulled:
        detail["pulled"] = report.pulled
    await _note(history, _ACTIONS[report.outcome], user_id, detail, serves=report.generation if report.swapped else "")


async def note_failure(history: History, reason: str, by: By, user_id: int | None = None) -> None:
    """Note a build that failed."""
    await _note(history, Action.FAILED, user_id, {"by": by.value, "reason": reason[:300]})


async def note_rollback(history: History, done: RolledBack, by: By, user_id: int | None = None) -> None:
    """Note that an earlier (or later) generation was gone back to."""
    detail = {"by": by.value, "generation": done.to.name, "before": done.before or ""}
    await _note(history, Action.ROLLBACK, user_id, detail, serves=done.to.name)


async def _note(
    history: History, action: Action, user_id: int | None, detail: dict[str, Any], serves: str = ""
) -> None:
    """Note a deed; it was done, and is reported, also where the database cannot be written."""
    try:
        async with asyncio.timeout(_SECONDS):
            await history.note(action, user_id, detail, serves=serves)
    except DATABASE_ERRORS as error:
        _log.warning("the history was not written: %s", type(error).__name__)


def note_build_now(settings: Settings, report: BuildReport, by: By) -> None:
    """Note a build from a process without a bot; a database that cannot be used is only warned about."""
    if report.outcome is not BuildOutcome.UNCHANGED:
        _note_now(settings, lambda history: note_build(history, report, by))


def note_rollback_now(settings: Settings, done: RolledBack, by: By) -> None:
    """Note a rollback from a process without a bot; a database that cannot be used is only warned about."""
    _note_now(settings, lambda history: note_rollback(history, done, by))


def _note_now(settings: Settings, note: Callable[[History], Awaitable[None]]) -> None:
    async def run() -> None:
        database = await open_database(database_url(settings.state.path))
        try:
            await note(History(database.sessions))
        finally:
            await database.close()

    try:
        asyncio.run(run())
    except StorageError as error:
        _log.warning("the history was not written: %s", error)
