"""How the bot is used, as a picture; needs the extra `stats`, and works without a screen."""

from __future__ import annotations

import importlib.util
import io
from datetime import date, timedelta
from typing import Any

from bot.language import gettext as _
from bot.level_names import level_name
from bot.storage.served import Usage
from index.levels import Level

_ANSWERED, _MISSED, _SECOND = "#3E7CB1", "#C9793A", "#8A5FBF"
_LEVEL_COLOURS = {Level.BASIC: "#4FB286", Level.INTERMEDIATE: _ANSWERED, Level.ADVANCED: _SECOND}


def can_draw() -> bool:
    """Say whether this installation can draw."""
    return importlib.util.find_spec("matplotlib") is not None


def usage_picture(usage: Usage, *, first: date, last: date) -> bytes:
    """Return three plots as a PNG: answers a day, and below them depths and confidence.

    Takes a second the first time, as matplotlib is imported here: call it in a thread.
    """
    from matplotlib.figure import Figure

    figure: Any = Figure(figsize=(8, 6), layout="constrained")
    plots = figure.subplot_mosaic([["day", "day"], ["level", "confidence"]])
    by_day, by_level, by_confidence = plots["day"], plots["level"], plots["confidence"]
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    missed = [usage.days.get(day, (0, 0))[1] for day in days]
    found = [usage.days.get(day, (0, 0))[0] - without for day, without in zip(days, missed, strict=True)]
    by_day.bar(days, found, width=0.9, color=_ANSWERED, label=_("answered"))
    by_day.bar(days, missed, width=0.9, bottom=found, color=_MISSED, label=_("not covered"), hatch="//")
    by_day.set_title(_("Answers a day"))
    by_day.margins(y=0.25)  # room for the legend above the highest bar
    by_day.legend(frameon=False, loc="upper left", ncols=2)
    names = [level_name(level) for level in usage.levels]
    by_level.bar(names, list(usage.levels.values()), color=[_LEVEL_COLOURS[level] for level in usage.levels])
    by_level.set_title(_("Depth shown"))
    by_confidence.bar([place * 10 + 5 for place in range(10)], usage.tenths, width=9, color=_SECOND)
    by_confidence.set_title(_("Confidence, per cent"))
    for axes in (by_day, by_level, by_confidence):
        axes.spines[["top", "right"]].set_visible(False)
        axes.yaxis.get_major_locator().set_params(integer=True)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    return buffer.getvalue()


def in_words(usage: Usage, *, first: date, last: date) -> str:
    """Return what the picture shows, for those who do not see it; at most 1,024 characters."""
    levels = ", ".join(f"{level_name(level)} {count}" for level, count in usage.levels.items())
    return _(
        "Three bar charts, {first} to {last}. Answers a day: {answers} in all, {missed} of them not covered. "
        "Depth shown: {levels}. Confidence by tenths from 0 to 100 per cent: {tenths}."
    ).format(
        first=first,
        last=last,
        answers=usage.answers,
        missed=usage.not_covered,
        levels=levels,
        tenths=", ".join(map(str, usage.tenths)),
    )
