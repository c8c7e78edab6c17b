"""A progress bar on standard error, so that standard output carries only the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

if TYPE_CHECKING:
    from index.build import Progress


@contextmanager
def progress_bar() -> Iterator[Callable[[Progress], None]]:
    """Show how far a build is; nothing without a terminal, or when nothing is built."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    bars = Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
    task = None
    with bars:

        def on_progress(progress: Progress) -> None:
            nonlocal task
            if progress.total == 0:
                return
            if task is None:
                task = bars.add_task("Building the index", total=progress.total)
            bars.update(task, completed=progress.done, total=progress.total)

        yield on_progress
