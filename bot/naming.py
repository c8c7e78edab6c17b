"""Whether a text speaks of a concept by name."""

from __future__ import annotations

import re
from collections.abc import Callable

from index.generation import Concept

Naming = Callable[[str], bool]
_BRACKETS = re.compile(r"\s*\([^()]*\)")
# Shorter names are words of other meanings too, unless they are written in capitals.
_SHORT = 4


def naming(concept: Concept) -> Naming:
    """Return what says whether a text has a concept's title or an alias in it, in the singular or the plural."""
    names = {_BRACKETS.sub("", name).strip() for name in (concept.title, *concept.aliases)}
    known = sorted((name for name in names if len(name) >= _SHORT), key=len, reverse=True)
    patterns = [rf"(?i:{'|'.join(map(re.escape, known))})"] if known else []
    patterns += [re.escape(name) for name in sorted(names) if len(name) < _SHORT and name.isupper()]
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})s?(?!\w)") if patterns else None
    return lambda text: pattern is not None and pattern.search(text) is not None


def never(_: str) -> bool:
    """Say no: nothing is looked for."""
    return False
