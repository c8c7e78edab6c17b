"""How the bot is: what `/status` says, as names and texts."""

from __future__ import annotations

import asyncio
import importlib.metadata
import math
import os
import platform
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.answer_service import AnswerService, NotReadyError
from bot.language import gettext as _
from bot.language import ngettext
from bot.services import Services
from bot.storage.database import DATABASE_ERRORS, Database

_LATEST = 1_000
_PACKAGES = ("fathom", "discord.py", "sentence-transformers", "torch")
_LITTLE_SPACE = 500_000_000
_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60

Lines = list[tuple[str, str]]


async def health(services: Services, *, gateway_seconds: float, up_seconds: float) -> Lines:
    """Return all that a moderator should know, the most important first; nothing that an operator keeps secret.

    Args:
        services: what the bot is made of.
        gateway_seconds: how long Discord takes to answer a heartbeat; not a number before the first one.
        up_seconds: how long the bot has been running.
    """
    answers, settings = services.answers, services.settings
    milliseconds = await _latest_milliseconds(services)
    return [
        *_library(answers),
        ("Rebuild", "under way" if services.rebuilder.running else "none under way"),
        ("Model", f"{_model(answers)}, served by {answers.form or 'nothing yet'}"),
        ("Threshold", f"{settings.answers.threshold:.2f}; below it I say that the library does not cover a question"),
        ("Answers take", latency_text(milliseconds)),
        ("Discord answers in", gateway_text(gateway_seconds)),
        ("Running for", duration_text(up_seconds)),
        ("Database", await health_of_database(services.database)),
        ("State folder", await asyncio.to_thread(folder_text, settings.state.path)),
        ("Gap log", "on: questions without an answer are kept 90 days" if settings.answers.gap_log else "off"),
        ("Versions", await asyncio.to_thread(versions_text)),
        *await services.status.lines(),
    ]


async def short_health(services: Services) -> str:
    """Return whether the bot is well, in a line or two for everyone."""
    try:
        generation = services.answers.generation
    except NotReadyError:
        return _("I am still reading the library and cannot answer yet. Please ask again in a minute.")
    concepts = len(generation.rows_of_concept)
    day = generation.manifest.created.date()
    well = ngettext(
        "I am well. I explain {count} idea from the library of {day}.",
        "I am well. I explain {count} ideas from the library of {day}.",
        concepts,
    )
    said = [well.format(count=concepts, day=day)]
    if milliseconds := await _latest_milliseconds(services):
        fast = _("Half of my answers take less than {seconds} s.")
        said.append(fast.format(seconds=f"{np.median(milliseconds) / 1000:.2f}"))
    if services.rebuilder.running:
        said.append(_("A newer library is being read just now."))
    return " ".join(said)


def latency_text(milliseconds: Sequence[float]) -> str:
    """Return the median and the slowest hundredth of what answers took."""
    if not milliseconds:
        return "nobody has asked yet"
    half, slowest = np.percentile(np.asarray(milliseconds), [50, 99])
    return f"p50 {half:.0f} ms, p99 {slowest:.0f} ms (the last {len(milliseconds):,})"


def gateway_text(seconds: float) -> str:
    """Return the heartbeat's latency; Discord may not have answered one yet."""
    return f"{seconds * 1000:.0f} ms" if math.isfinite(seconds) else "not known yet"


def duration_text(seconds: float) -> str:
    """Return a duration in its two largest units."""
    days, rest = divmod(int(max(0.0, seconds)), _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes = rest // _MINUTE
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute")]
    said = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count][:2]
    return " ".join(said) or "less than a minute"


def folder_text(folder: Path) -> str:
    """Return whether the state folder can be written, and the space left; not where it is."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return f"cannot be read ({error.strerror}): the next rebuild will fail"
    if not os.access(folder, os.W_OK):
        return "cannot be written: nothing new is remembered, and a rebuild will fail"
    warning = ", which a rebuild may fill" if free < _LITTLE_SPACE else ""
    return f"can be written; {free / 1e9:.1f} GB free{warning}"


def versions_text() -> str:
    """Return the versions of what runs."""
    found = [f"Python {platform.python_version()}"]
    for package in _PACKAGES:
        try:
            found.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return ", ".join(found)


def _library(answers: AnswerService) -> Lines:
    try:
        generation = answers.generation
    except NotReadyError:
        return [("Library", "none yet; it is being read, or could not be")]
    manifest = generation.manifest
    counts = f"{manifest.counts.concepts} concepts, {manifest.counts.passages:,} passages"
    return [("Library", f"{counts}, built {manifest.created:%Y-%m-%d %H:%M} UTC"), ("Generation", generation.id)]


def _model(answers: AnswerService) -> str:
    try:
        return answers.generation.manifest.model
    except NotReadyError:
        return "none yet"


async def _latest_milliseconds(services: Services) -> list[float]:
    try:
        return await services.stores.served.latest_milliseconds(_LATEST)
    except DATABASE_ERRORS:
        return []


async def health_of_database(database: Database) -> str:
    """Return whether the database answers, and how fast."""
    started = time.perf_counter()
    try:
        await database.check()
    except DATABASE_ERRORS as error:
        return f"does not answer ({type(error).__name__}): nothing is remembered; answers go on"
    return f"answers in {(time.perf_counter() - started) * 1000:.0f} ms"
