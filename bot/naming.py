"""Whether a text speaks of a concept by name."""

from __future__ import annotations

import re
from collections.abc import Callable

from index.generation import Concept

Naming = Callable[[str], bool]
_BRACKETS = re.compile(r"\s*\([^()]*\)")
# Shorter names are words of other meanings too, unless they are written in capitals.
_SHORT = 4


def naming(concept: Concept, beside: Concept) -> Naming:
    """Return what says whether a text has a concept's title or an alias in it, in the singular or the plural.

    What is a part of a name of the concept `beside` it does not count: "AI safety via debate" is not about AI safety.
    """
    named = _pattern(_names(concept))
    longer = _pattern({name for name in _names(beside) if named and named.search(name)})
    return lambda text: bool(named and named.search(longer.sub(" ", text) if longer else text))


def never(_: str) -> bool:
    """Say no: nothing is looked for."""
    return False


def _names(concept: Concept) -> set[str]:
    names = {_BRACKETS.sub("", name).strip() for name in (concept.title, *concept.aliases)}
    return {name for name in names if name.isupper() or len(name) >= _SHORT}


def _pattern(names: set[str]) -> re.Pattern[str] | None:
    """Return what finds names as whole words, those in capitals in capitals only."""
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    either = (re.escape(name) if name.isupper() else f"(?i:{re.escape(name)})" for name in longest_first)
    return re.compile(rf"(?<!\w)(?:{'|'.join(either)})s?(?!\w)") if names else None
