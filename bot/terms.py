"""Terms in a message: the `[[marked]]` ones, and those that the library has a page for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.generation import Concept

MAX_TERMS = 5
"""How many marked terms of one message are looked up."""

_MARKED = re.compile(r"\[\[([^\[\]\n]{1,100})\]\]")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A term that the library has no page for, with the concepts whose names are most like it."""

    term: str
    nearest: tuple[Concept, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What was found for the terms of a message.

    Attributes:
        found: the concepts they name, in the order of the message or best first.
        unknown: the terms that name none.
        nearest: where nothing was named at all, the concepts that the message as a whole is nearest to.
        left_out: how many more terms the message has than are looked up.
    """

    found: tuple[Concept, ...]
    unknown: tuple[Unknown, ...] = ()
    nearest: tuple[Concept, ...] = ()
    left_out: int = 0


def marked_terms(text: str) -> list[str]:
    """Return the terms that a message marks as `[[term]]`, each once, in order."""
    found = {
        term.casefold(): term for match in reversed(list(_MARKED.finditer(text))) if (term := _visible(match.group(1)))
    }
    return list(reversed(found.values()))


def _visible(text: str) -> str:
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())
