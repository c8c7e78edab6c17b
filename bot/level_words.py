"""The depth that a question's own words ask for."""

from __future__ import annotations

import re

from index.levels import Level

_SIMPLY = (
    r"eli ?(?:5|10|12)",
    r"(?:like|as if) i(?:'|’)?m (?:five|5|ten|10|a (?:kid|child|beginner))",
    r"for (?:a (?:kid|child|beginner)|beginners|dummies)",
    r"in (?:simple|plain|easy|normal) (?:words|terms|english|language)",
    r"(?:simple|easy) explanation",
    r"explain (?:it )?simply",
    r"(?:no|without (?:the )?) ?jargon",
)
_DEEPLY = (
    r"what (?:do|does) the (?:papers?|literature|research) (?:say|show|find)",
    r"(?:in|according to) the literature",
    r"formally",
    r"formal (?:definition|statement|result)s?",
    r"state of the art",
    r"cite (?:papers|sources|the literature)",
    r"(?:which|what) papers",
    r"for (?:a researcher|an expert|experts|ml people)",
    r"in technical detail",
)
_WORDS: tuple[tuple[Level, re.Pattern[str]], ...] = (
    (Level.BASIC, re.compile(rf"\b(?:{'|'.join(_SIMPLY)})\b", re.IGNORECASE)),
    (Level.ADVANCED, re.compile(rf"\b(?:{'|'.join(_DEEPLY)})\b", re.IGNORECASE)),
)


def level_in_words(question: str) -> Level | None:
    """Return the depth that a question's words ask for, or None when they do not say; Basic wins over Advanced."""
    return next((level for level, pattern in _WORDS if pattern.search(question)), None)


def without_level_words(question: str) -> str:
    """Return a question without the words that only say how deep the answer should go; itself if nothing is left."""
    rest = question
    for _, pattern in _WORDS:
        rest = pattern.sub(" ", rest)
    rest = " ".join(rest.split())
    return rest if any(character.isalnum() for character in rest) else question
