"""A list of things as it is read aloud."""

from __future__ import annotations

from collections.abc import Sequence

from bot.language import gettext as _


def and_between(items: Sequence[str]) -> str:
    """Return items such as `a, b and c`, in the language that is being spoken."""
    if len(items) <= 1:
        return "".join(items)
    return _("{most} and {last}").format(most=", ".join(items[:-1]), last=items[-1])
