"""The library's index in a terminal: building it, and going back."""

from __future__ import annotations

import sys

from bot.build_request import BuildRequest
from bot.config import Settings
from bot.deeds import By, note_rollback_now
from bot.local_answers import build
from bot.progress_bar import progress_bar
from index.build import BuildReport
from index.embedding import find_model
from index.generation_store import GenerationStore
from index.rollback import kept_generations, roll_back
from index.swap import BuildOutcome

_OUTCOMES = {
    BuildOutcome.SWAPPED: "Serving",
    BuildOutcome.UNCHANGED: "Nothing changed; serving",
    BuildOutcome.DRY_RUN: "Dry run; still serving",
    BuildOutcome.REFUSED: "Refused, as golden questions broke; still serving",
    BuildOutcome.OVERRIDDEN: "Golden questions broke, and were overridden; serving",
}


def build_with_progress(settings: Settings, *, dry_run: bool = False, override: bool = False) -> int:
    """Build the index with a progress bar, and say what changed; return 1 if the swap was refused, else 0."""
    with progress_bar() as on_progress:
        report = build(settings, on_progress, BuildRequest(dry_run=dry_run, override=override, pull=True))
    sys.stdout.write(build_text(report) + "\n")
    return 1 if report.outcome is BuildOutcome.REFUSED else 0


def build_text(report: BuildReport) -> str:
    """Return what a build did, in a few lines; for a dry run, all that would change."""
    counts = report.counts
    lines = [
        f"{_OUTCOMES[report.outcome]} {report.generation or 'nothing'}",
        f"{counts.concepts} concepts, {counts.pages} pages, {counts.passages} passages, {counts.references} references",
        f"passages: {report.changes}; embedded anew: {report.embedded}; {report.seconds:.1f} s",
    ]
    if report.pulled:
        lines.append(f"remote: {report.pulled}")
    if golden := report.golden:
        before = "" if golden.right_before is None else f"; before: {golden.right_before}"
        lines.append(f"golden questions: {len(golden.right)} of {golden.asked} right{before}")
        lines += [f"broken: {item}" for item in golden.broken]
    if report.outcome is BuildOutcome.REFUSED:
        lines.append("to swap all the same: python -m bot index --override")
    if report.outcome is BuildOutcome.DRY_RUN and report.diff.text:
        lines.append(report.diff.text)
    lines += [str(problem) for problem in report.problems]
    return "\n".join(lines)


def rollback(settings: Settings, wanted: str | None) -> None:
    """Serve a kept generation again, and say which.

    Raises:
        RollbackError: there is no such generation, it is damaged, or a build is running.
    """
    model = find_model(settings.model.name)
    done = roll_back(settings.state.path, settings.knowledge.path, wanted, model_checksum=model.checksum)
    note_rollback_now(settings, done, By.COMMAND_LINE)
    sys.stdout.write(f"Serving {done.to.name} (before: {done.before or 'nothing'}).\n")
    if done.held:
        sys.stdout.write("It stays until `python -m bot index` or `/reindex`, or until the content changes.\n")
    sys.stdout.write("A bot that is running takes it over within a minute.\n")


def list_generations(settings: Settings) -> None:
    """Print the generations that can be gone back to, newest first."""
    for kept in kept_generations(GenerationStore(settings.state.path)):
        counts, mark = kept.manifest.counts, "  serving" if kept.serving else ""
        sys.stdout.write(f"{kept.name}  {counts.concepts} concepts, {counts.passages} passages{mark}\n")
