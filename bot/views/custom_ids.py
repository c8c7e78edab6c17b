"""What a button knows about its answer, inside the 100 characters that Discord gives it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.depth_choice import Choice
from index.levels import Level

MAX_LENGTH = 100
PATTERN = re.compile(
    r"fathom:1:(?P<action>[a-z]+):(?P<level>basic|intermediate|advanced):(?P<lang>[a-z]{2}):(?P<user>\d{1,20}):(?P<slug>[a-z0-9~._-]{1,44})"
    r"(?::(?P<beside>[a-z0-9~._-]{1,44}))?"
    # What newer buttons know besides; those from before go on working without it.
    r"(?:\+(?P<seen>[0-9a-f]{6}|-)(?P<choice>[a-z])(?P<page>\d{1,2})?)?"
)
NO_SLUG = "~"
"""In place of a slug: an answer that found no page."""
_SAFE_SLUG = re.compile(r"^[a-z0-9._-]{1,34}$")
_MAX_KEYS = 35


class Action(StrEnum):
    """What pressing a button does; short words, as they stand in its id."""

    SHOW = "show"
    """Shows the answer at the button's level."""
    BACK = "back"
    """Shows the answer again after something else."""
    WHOLE = "whole"
    """Shows a page of everything that the page has at that level."""
    SOURCES = "sources"
    TOPIC = "topic"
    """Shows another page as the answer to the same question."""
    OPEN = "open"
    """Shows another page for its own sake."""
    RELATED = "near"
    LEVEL = "mine"
    """Makes the level shown the member's own."""
    THREAD = "thread"
    FEEDBACK = "rate"
    WHY = "why"
    RIGHT = "right"
    WRONG_TOPIC = "wrong"
    TOO_HARD = "hard"
    TOO_SIMPLE = "easy"
    INCOMPLETE = "part"
    BROKEN_LINK = "link"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ButtonState:
    """Everything needed to show an answer again: nothing of it is kept in memory.

    Attributes:
        action: what pressing does.
        level: the depth that the action is about.
        lang: the language the answer was asked for in.
        user: who asked; 0 for nobody, so that whoever presses gets a copy of their own.
        slug_key: the page, as `slug_key` writes it.
        beside_key: the other page of a comparison; empty for any other answer.
        seen: the page's digest when the message was written; None in older ids.
        choice: who chose the depth; None in older ids.
        page: which page of a long text, from 1; 0 for none.
    """

    action: Action
    level: Level
    lang: str
    user: int
    slug_key: str
    beside_key: str = ""
    seen: str | None = None
    choice: Choice | None = None
    page: int = 0

    def __str__(self) -> str:
        keys = f"{self.slug_key}:{self.beside_key}" if self.beside_key else self.slug_key
        text = f"fathom:1:{self.action}:{self.level}:{self.lang}:{self.user}:{keys}"
        if self.seen is None and self.choice is None and not self.page:
            return text
        return f"{text}+{self.seen or '-'}{self.choice or Choice.PRESSED}{self.page or ''}"

    @classmethod
    def parse(cls, custom_id: str) -> ButtonState | None:
        """Return the state in a custom_id; None for anything that this bot did not write."""
        match = PATTERN.fullmatch(custom_id)
        if match is None or len(custom_id) > MAX_LENGTH or match["action"] not in set(Action):
            return None
        if match["choice"] is not None and match["choice"] not in set(Choice):
            return None
        return cls(
            Action(match["action"]),
            Level(match["level"]),
            match["lang"],
            int(match["user"]),
            match["slug"],
            match["beside"] or "",
            match["seen"] if match["seen"] != "-" else None,
            Choice(match["choice"]) if match["choice"] else None,
            int(match["page"] or 0),
        )


def slug_key(slug: str) -> str:
    """Return a slug as it fits into a button: itself, or a digest when it is long or unusual."""
    return slug if _SAFE_SLUG.match(slug) else _digest(slug)


def slug_keys(slug: str, beside: str) -> tuple[str, str]:
    """Return the keys of two slugs that share a button; both are digests where they are too long together."""
    keys = slug_key(slug), slug_key(beside)
    return keys if sum(map(len, keys)) < _MAX_KEYS else (_digest(slug), _digest(beside))


def slug_of_key(key: str, slugs: Iterable[str]) -> str | None:
    """Return the slug that a button means, among those the library has; None if it has it no more."""
    known = list(slugs)
    if key in known:
        return key
    return next((slug for slug in known if key in {slug_key(slug), _digest(slug)}), None)


def _digest(slug: str) -> str:
    return "~" + hashlib.sha256(slug.encode()).hexdigest()[:16]
