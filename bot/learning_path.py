"""What to read before a concept, in order. Knows concepts by their slugs only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Requires = Mapping[str, Sequence[str]]
"""What each concept of the library requires; a slug that is no key has no page."""


class Progress(StrEnum):
    """Where a reader stands with a step; `IMPLIED` is what only understood concepts build on."""

    UNDERSTOOD = "understood"
    IMPLIED = "implied"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Step:
    """A concept on the way, and where the reader stands with it."""

    slug: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class LearningPath:
    """The concepts to read, in order; the last one is the goal."""

    steps: tuple[Step, ...]

    @property
    def goal(self) -> str:
        """The concept that the path leads to."""
        return self.steps[-1].slug

    @property
    def next(self) -> Step | None:
        """The first step that is open, or None at the end of the path."""
        return next((step for step in self.steps if step.progress is Progress.OPEN), None)

    @property
    def understood(self) -> int:
        """How many steps the reader has marked as understood."""
        return sum(step.progress is Progress.UNDERSTOOD for step in self.steps)


def learning_path(goal: str, requires: Requires, understood: Collection[str]) -> LearningPath:
    """Return everything to read up to a goal, each concept after all that it requires.

    Where a library's `requires` go in a circle, one of its edges is passed over. A reader who understands a
    concept needs nothing of what only leads to it.

    Args:
        goal: the slug of a concept that has a page.
        requires: the whole library's edges.
        understood: the slugs of what the reader has understood.
    """
    needed = set(reading_order(goal, requires, stop_at=understood)) - set(understood)

    def progress(slug: str) -> Progress:
        if slug in understood:
            return Progress.UNDERSTOOD
        return Progress.OPEN if slug in needed else Progress.IMPLIED

    return LearningPath(tuple(Step(slug, progress(slug)) for slug in reading_order(goal, requires)))


def reading_order(goal: str, requires: Requires, *, stop_at: Collection[str] = ()) -> list[str]:
    """Return a goal and all that it requires, directly or not, deepest first; nothing behind `stop_at`."""
    order: list[str] = []
    seen = {goal}
    # Depth first without recursion: a library may be deeper than Python's stack.
    stack = [(goal, iter(() if goal in stop_at else requires.get(goal, ())))]
    while stack:
        slug, before = stack[-1]
        following = next((item for item in before if item in requires and item not in seen), None)
        if following is None:
            order.append(slug)
            stack.pop()
        else:
            seen.add(following)
            stack.append((following, iter(() if following in stop_at else requires[following])))
    return order
