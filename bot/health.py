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
from bot.links.report import LinkReport, LinkVerdict, last_link_report
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
        (_("Rebuild"), _("under way") if services.rebuilder.running else _("none under way")),
        (_("Model"), _model(answers)),
        (
            _("Threshold"),
            _("{threshold}; below it I say that the library does not cover a question").format(
                threshold=f"{settings.answers.threshold:.2f}"
            ),
        ),
        (_("Answers take"), latency_text(milliseconds)),
        (_("Discord answers in"), gateway_text(gateway_seconds)),
        (_("Running for"), duration_text(up_seconds)),
        (_("Links"), links_text(await asyncio.to_thread(last_link_report, settings.state.path))),
        (_("Database"), await health_of_database(services.database)),
        (_("State folder"), await asyncio.to_thread(folder_text, settings.state.path)),
        (
            _("Gap log"),
            _("on: questions without an answer are kept 90 days") if settings.answers.gap_log else _("off"),
        ),
        (_("Versions"), await asyncio.to_thread(versions_text)),
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
        # Nobody feels the hundredths; moderators see them.
        said.append(fast.format(seconds=f"{math.ceil(np.median(milliseconds) / 100) / 10:.1f}"))
    if services.rebuilder.running:
        said.append(_("A newer library is being read just now."))
    return " ".join(said)


def latency_text(milliseconds: Sequence[float]) -> str:
    """Return the median and the slowest hundredth of what answers took."""
    if not milliseconds:
        return _("nobody has asked yet")
    half, slowest = np.percentile(np.asarray(milliseconds), [50, 99])
    return _("p50 {half} ms, p99 {slowest} ms (the last {count})").format(
        half=f"{half:.0f}", slowest=f"{slowest:.0f}", count=f"{len(milliseconds):,}"
    )


def gateway_text(seconds: float) -> str:
    """Return the heartbeat's latency; Discord may not have answered one yet."""
    return f"{seconds * 1000:.0f} ms" if math.isfinite(seconds) else _("not known yet")


def duration_text(seconds: float) -> str:
    """Return a duration in its two largest units."""
    days, rest = divmod(int(max(0.0, seconds)), _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes = rest // _MINUTE
    parts = [
        (days, ngettext("{count} day", "{count} days", days)),
        (hours, ngettext("{count} hour", "{count} hours", hours)),
        (minutes, ngettext("{count} minute", "{count} minutes", minutes)),
    ]
    said = [text.format(count=count) for count, text in parts if count][:2]
    return " ".join(said) or _("less than a minute")


def links_text(report: LinkReport | None) -> str:
    """Return how the links of the library were when they were last tried."""
    if report is None:
        return _("never checked; the operator does it with `python -m bot links`")
    counts = {verdict.value: report.count(verdict) for verdict in LinkVerdict}
    text = _("{good} of {count} work, {moved} moved, {unclear} unclear, {broken} broken (checked on {day})")
    return text.format(count=len(report.results), day=report.checked_at.date(), **counts)


def folder_text(folder: Path) -> str:
    """Return whether the state folder can be written, and the space left; not where it is."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return _("cannot be read ({reason}): the next rebuild will fail").format(reason=error.strerror)
    if not os.access(folder, os.W_OK):
        return _("cannot be written: nothing new is remembered, and a rebuild will fail")
    text = _("can be written; {size} GB free")
    if free < _LITTLE_SPACE:
        text = _("can be written; {size} GB free, which a rebuild may fill")
    return text.format(size=f"{free / 1e9:.1f}")


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
        return [(_("Library"), _("none yet; it is being read, or could not be"))]
    manifest = generation.manifest
    text = _("{concepts} concepts, {passages} passages, built {time} UTC").format(
        concepts=manifest.counts.concepts,
        passages=f"{manifest.counts.passages:,}",
        time=f"{manifest.created:%Y-%m-%d %H:%M}",
    )
    lines = [(_("Library"), text), (_("Generation"), generation.id)]
    if generation.vectors_away:
        lines.append((_("Vectors"), _("their server does not answer; I answer by words and names, and decline more")))
    return lines


def _model(answers: AnswerService) -> str:
    try:
        model = answers.generation.manifest.model
    except NotReadyError:
        return _("none yet")
    return _("{model}, served by {form}").format(model=model, form=answers.form)


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
        text = _("does not answer ({reason}): nothing is remembered; answers go on")
        return text.format(reason=type(error).__name__)
    return _("answers in {time} ms").format(time=f"{(time.perf_counter() - started) * 1000:.0f}")
