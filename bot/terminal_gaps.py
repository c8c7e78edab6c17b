"""What people asked in vain, in a terminal; on demand, a page stub for each group in a folder."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.config import Settings
from bot.gap_clusters import Cluster
from bot.gap_report import GapReport, Standing, read_gaps, standing
from bot.gap_stub import QUESTIONS, GapStub, stub_of
from bot.local_answers import NoIndexError
from bot.run import make_services
from bot.storage.gaps import KEPT

_ALSO = 2
_WHAT_NEXT = "Fill them in, and move them into the content folder: `python -m bot check` says what they still lack.\n"
_NOTHING_TO_WRITE = "Every group has an answer by now: there is no page to write.\n"


def list_gaps(settings: Settings, export: Path | None) -> None:
    """Print the groups that `/gaps` shows, and write the stubs of those that no page answers by now.

    Raises:
        NoIndexError: there is no index to compare the questions by.
        StorageError: the database cannot be opened.
        OSError: a stub cannot be written.
    """
    report, now, taken = asyncio.run(_read(settings))
    sys.stdout.write(gaps_text(report, now, log_is_on=settings.answers.gap_log) + "\n")
    if export is None:
        return
    names, day = set(taken), datetime.now(UTC).date()
    for gap, stands in zip(report.clusters, now, strict=True):
        if stands.answered_by is None:
            found = stub_of(gap, stands, taken=names, day=day)
            names.add(found.stub.slug)
            for file, text in files_of(found, export):
                sys.stdout.write(f"{_written(file, text)} {file}\n")
    sys.stdout.write(_WHAT_NEXT if len(names) > len(taken) else _NOTHING_TO_WRITE)


async def _read(settings: Settings) -> tuple[GapReport, list[Standing], set[str]]:
    services = await make_services(settings)
    try:
        if await services.answers.reload() is None:
            raise NoIndexError(f"{settings.state.path}: no usable index; `python -m bot index` makes one")
        report = await read_gaps(services)
        now = await standing(services.answers, report.clusters)
        return report, now, set(services.answers.generation.rows_of_concept)
    finally:
        services.answers.close()
        await services.database.close()


def gaps_text(report: GapReport, now: Sequence[Standing], *, log_is_on: bool) -> str:
    """Return the groups, most asked first, with what the library has for each; then the depths that were missing."""
    lines = [] if log_is_on else ["The log is off (`answers.gap_log`): new questions are not kept."]
    if not report.total:
        return "\n".join([*lines, f"Nothing was asked in vain in the last {KEPT.days} days."])
    lines.append(f"Questions asked in vain in the last {KEPT.days} days, without who asked: {report.total}")
    for number, (gap, stands) in enumerate(zip(report.clusters, now, strict=True), start=1):
        lines += ["", *_gap(number, gap, stands)]
    if report.depths:
        lines += ["", "Depths that were missing:"]
    lines += [f"  {gap.count} x {gap.level.label} wanted on {gap.title}; {gap.now}" for gap in report.depths]
    return "\n".join(lines)


def files_of(found: GapStub, folder: Path) -> list[tuple[Path, str]]:
    """Return the files of a stub, as they would lie in a content folder."""
    page = folder / found.language / found.page_file
    return [(page, found.stub.page), (folder / QUESTIONS / found.questions_file, found.stub.questions)]


def _gap(number: int, gap: Cluster, stands: Standing) -> list[str]:
    lines = [f"{number}. {gap.count} x {gap.leader.text}"]
    if also := [item.text for item in gap.wordings[1 : 1 + _ALSO]]:
        more = len(gap.wordings) - 1 - len(also)
        lines.append(f"   also: {' · '.join(also)}{f' · and {more} more' if more else ''}")
    said = f"mostly at {gap.level.label}"
    if stands.answered_by is not None and stands.level is not None:
        said += f" · answered by now: {stands.answered_by.title} ({stands.level.label})"
    elif stands.nearest:
        said += f" · nearest: {', '.join(topic.title for topic in stands.nearest)}"
    else:
        said += " · nothing near it: perhaps no question for this library"
    return [*lines, f"   {said}"]


def _written(file: Path, text: str) -> str:
    """Write a file unless there is one, which may be half written by hand; say which."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8") as handle:
            handle.write(text)
    except FileExistsError:
        return "kept as it was:"
    return "written:"
