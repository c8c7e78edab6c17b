"""Two texts in a terminal: next to each other where there is room, else one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table

WIDTH_FOR_TWO = 180
"""Wider columns than half of this are no easier to read."""

_MIN_WIDTH_FOR_TWO = 120


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Renderables of equal rank, in columns of equal width."""

    parts: Sequence[RenderableType]

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        """Show the parts as the console's width allows."""
        if options.max_width < _MIN_WIDTH_FOR_TWO:
            yield from self.parts
            return
        columns = Table.grid(expand=True, padding=(0, 1))
        for _ in self.parts:
            columns.add_column(ratio=1)
        columns.add_row(*self.parts)
        yield columns
