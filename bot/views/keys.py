"""Names as they fit into a custom_id: themselves where they are short and plain, else a digest."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

KEY = r"[a-z0-9~._-]{1,38}"
"""What a key looks like: two of them and a few words fit into the 100 characters of a custom_id."""

_PLAIN = re.compile(r"[a-z0-9._-]{1,38}")


def key_of(name: str) -> str:
    """Return the key of a slug or of a group's name."""
    return name if _PLAIN.fullmatch(name) else "~" + hashlib.sha256(name.encode()).hexdigest()[:16]


def name_of(key: str, names: Iterable[str]) -> str | None:
    """Return which of some names a key means; None if it is none of them (any more)."""
    return next((name for name in names if key_of(name) == key), None)
