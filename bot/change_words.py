"""What differs between two states of the library, in a few words of the language that is being spoken."""

from __future__ import annotations

from bot.language import gettext as _
from bot.language import gettext_noop, ngettext

# What `index.generation_diff` calls the parts of a page.
_DEPTHS = {
    "Summary": gettext_noop("Summary"),
    "Basic": gettext_noop("Basic"),
    "Intermediate": gettext_noop("Intermediate"),
    "Advanced": gettext_noop("Advanced"),
    "Questions": gettext_noop("Questions"),
}


def change_words(added: int, changed: int, removed: int) -> str:
    """Return how many passages were added, changed and removed, without those that are none; perhaps empty."""
    said = (
        (added, ngettext("{count} added", "{count} added", added)),
        (changed, ngettext("{count} changed", "{count} changed", changed)),
        (removed, ngettext("{count} removed", "{count} removed", removed)),
    )
    return ", ".join(text.format(count=f"{count:,}") for count, text in said if count)


def depth_name(depth: str) -> str:
    """Return what a part of a page is called."""
    return _(_DEPTHS[depth]) if depth in _DEPTHS else depth
