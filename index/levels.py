"""The three depths at which a concept is explained."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """A reader's depth, from the simplest to the deepest."""

    BASIC = "basic"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"

    @property
    def depth(self) -> int:
        """Position from 0 (basic) to 2 (advanced)."""
        return list(Level).index(self)

    @property
    def label(self) -> str:
        """The name as it is written in a page's heading."""
        return self.value.capitalize()

    def simpler(self) -> Level | None:
        """Return the next simpler depth, or None at the simplest."""
        return list(Level)[self.depth - 1] if self.depth > 0 else None

    def deeper(self) -> Level | None:
        """Return the next deeper depth, or None at the deepest."""
        return list(Level)[self.depth + 1] if self.depth < len(Level) - 1 else None

    def by_distance(self) -> list[Level]:
        """Return all depths, nearest first; of two equally near ones the simpler comes first."""
        return sorted(Level, key=lambda other: (abs(other.depth - self.depth), other.depth))


# What a page may call its three depths, in the languages the format is known in.
HEADINGS: dict[str, Level] = {
    "basic": Level.BASIC,
    "grundlagen": Level.BASIC,
    "basico": Level.BASIC,
    "básico": Level.BASIC,
    "intermediate": Level.INTERMEDIATE,
    "weiterführend": Level.INTERMEDIATE,
    "intermedio": Level.INTERMEDIATE,
    "advanced": Level.ADVANCED,
    "fortgeschritten": Level.ADVANCED,
    "avanzado": Level.ADVANCED,
}


def level_of_heading(text: str) -> Level | None:
    """Return the depth that a heading names, or None for any other heading."""
    return HEADINGS.get(text.strip().casefold())
