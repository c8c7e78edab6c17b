"""One deed of the history in one line."""

from __future__ import annotations

from typing import Any

from bot.markup import escape, shorten
from bot.storage.tables import Deed

_MAX_NAME, _MAX_REASON = 40, 120


def deed_line(deed: Deed, name: str | None) -> str:
    """Return when something was done, what, by whom, and what came of it.

    Args:
        deed: what was done.
        name: the name of the one who did it; None when it was nobody in Discord, or their name was taken out.
    """
    who = escape(shorten(name, _MAX_NAME)) if name else str(deed.detail.get("by", "somebody"))
    outcome = _outcome(deed.detail)
    when = f"{deed.at:%Y-%m-%d %H:%M} UTC"
    return f"- {when} · **{deed.action}** by {who}" + (f": {outcome}" if outcome else "")


def _outcome(detail: dict[str, Any]) -> str:
    if reason := detail.get("reason"):
        return escape(shorten(str(reason), _MAX_REASON))
    if detail.get("outcome") == "unchanged":
        return "nothing had changed"
    parts: list[str] = []
    if passages := detail.get("passages"):
        parts.append(", ".join(f"{count} {word}" for word, count in passages.items() if count) or "no passage differed")
    if golden := detail.get("golden"):
        parts.append(f"golden {golden['right']} of {golden['asked']}")
    if broken := detail.get("broken"):
        parts.append(f"{len(broken)} broken")
    if not parts and (generation := detail.get("generation")):
        parts.append(f"to {escape(str(generation))}")
    return "; ".join(parts)
