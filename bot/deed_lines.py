"""One deed of the history in one line."""

from __future__ import annotations

from typing import Any

from bot.change_words import change_words
from bot.deeds import Action, By
from bot.language import gettext as _
from bot.language import gettext_noop
from bot.markup import escape, shorten
from bot.storage.tables import Deed

_MAX_NAME, _MAX_REASON = 40, 120
_ACTIONS: dict[str, str] = {
    Action.REBUILD: gettext_noop("rebuild"),
    Action.DRY_RUN: gettext_noop("dry run"),
    Action.REFUSED: gettext_noop("refused swap"),
    Action.OVERRIDE: gettext_noop("override"),
    Action.ROLLBACK: gettext_noop("rollback"),
    Action.FAILED: gettext_noop("failed rebuild"),
}
_BY: dict[str, str] = {
    By.MODERATOR: gettext_noop("a moderator"),
    By.COMMAND_LINE: gettext_noop("the command line"),
    By.START: gettext_noop("the start of the bot"),
    By.WATCH: gettext_noop("the watch on the folder"),
}


def deed_line(deed: Deed, name: str | None) -> str:
    """Return when something was done, what, by whom, and what came of it.

    Args:
        deed: what was done.
        name: the name of the one who did it; None when it was nobody in Discord, or their name was taken out.
    """
    by = str(deed.detail.get("by", ""))
    who = escape(shorten(name, _MAX_NAME)) if name else _(_BY[by]) if by in _BY else _("somebody")
    action = _(_ACTIONS[deed.action]) if deed.action in _ACTIONS else escape(deed.action)
    said = _("{time} UTC · **{action}** by {who}").format(time=f"{deed.at:%Y-%m-%d %H:%M}", action=action, who=who)
    outcome = _outcome(deed.detail)
    return f"- {said}" + (f": {outcome}" if outcome else "")


def _outcome(detail: dict[str, Any]) -> str:
    if reason := detail.get("reason"):
        return escape(shorten(str(reason), _MAX_REASON))
    if detail.get("outcome") == "unchanged":
        return _("nothing had changed")
    parts: list[str] = []
    if passages := detail.get("passages"):
        counts = (int(passages.get(kind, 0)) for kind in ("added", "changed", "removed"))
        parts.append(change_words(*counts) or _("no passage differed"))
    if golden := detail.get("golden"):
        parts.append(_("golden {right} of {asked}").format(right=golden["right"], asked=golden["asked"]))
    if broken := detail.get("broken"):
        parts.append(_("{count} broken").format(count=len(broken)))
    if not parts and (generation := detail.get("generation")):
        parts.append(_("to {generation}").format(generation=escape(str(generation))))
    return "; ".join(parts)
