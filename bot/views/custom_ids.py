"""What a button knows about its answer, inside the 100 characters that Discord gives it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from index.levels import Level

MAX_LENGTH = 100
PATTERN = re.compile(
    r"fathom:1:(?P<action>[a-z]+):(?P<level>basic|intermediate|advanced):(?P<lang>[a-z]{2}):(?P<user>\d{1,20}):(?P<slug>[a-z0-9~._-]{1,44})"
    r"(?::(?P<beside>[a-z0-9~._-]{1,44}))?"
)
_SAFE_SLUG = re.compile(r"^[a-z0-9._-]{1,44}$")
_MAX_KEYS = 44


class Action(StrEnum):
    """What pressing a button does: shows the answer at its level, its sources, a chosen topic, or nothing."""

    SHOW = "show"
    SOURCES = "sources"
    TOPIC = "topic"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ButtonState:
    """Everything needed to show an answer again: nothing of it is kept in memory."""

    action: Action
    level: Level
    lang: str
    user: int
    slug_key: str
    beside_key: str = ""
    """The other concept of a comparison."""

    def __str__(self) -> str:
        keys = f"{self.slug_key}:{self.beside_key}" if self.beside_key else self.slug_key
        return f"fathom:1:{self.action}:{self.level}:{self.lang}:{self.user}:{keys}"

    @classmethod
    def parse(cls, custom_id: str) -> ButtonState | None:
        """Return the state in a custom_id; None for anything that this bot did not write."""
        match = PATTERN.fullmatch(custom_id)
        if match is None or match["action"] not in set(Action):
            return None
        return cls(
            Action(match["action"]),
            Level(match["level"]),
            match["lang"],
            int(match["user"]),
            match["slug"],
            match["beside"] or "",
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
