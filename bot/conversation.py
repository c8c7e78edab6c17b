"""Understanding a question from what was asked before it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.lexical import terms, words

# Openings that lean on what was said before.
_LEANS = re.compile(
    r"^\W*(?:but|and|so|or|why|how come|what if|what about|how about|then|also|ok(?:ay)?|hmm+|wait|really|"
    r"example|examples|more|go on|continue|give me|can you|could you|couldn't|wouldn't|isn't|doesn't|elaborate|"
    r"simpler)\b",
    re.IGNORECASE,
)
_POINTS_BACK = frozenset(
    "it its this that these those they them their he his she her one ones former latter such there".split()
)
_MANY_TERMS = 6
_MAX_TURNS = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """How a question may be read: by itself, and with the conversation before it (None where there is none)."""

    alone: str
    context: str | None
    """What was asked before, as far as it says something by itself."""
    with_context: str | None
    leans: bool
    """Whether its words lean on what was said before."""


def read_question(text: str, turns: tuple[str, ...]) -> Reading:
    """Return how to search for a question that follows earlier ones."""
    if not turns:
        return Reading(text, None, None, leans=False)
    content = terms(text)
    pronouns = _POINTS_BACK.intersection(words(text))
    leans = len(content) <= 1 or (len(content) < _MANY_TERMS and bool(pronouns or _LEANS.match(text)))
    context = _context(turns)
    return Reading(text, context or None, f"{context}\n{text}" if context else None, leans)


def _context(turns: tuple[str, ...]) -> str:
    """Return the last turn that says something by itself, and what followed it."""
    recent = turns[-_MAX_TURNS:]
    for number in range(len(recent) - 1, -1, -1):
        if len(terms(recent[number])) > 1 and not _LEANS.match(recent[number]):
            return "\n".join(recent[number:])
    return "\n".join(recent)
