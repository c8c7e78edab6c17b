"""The list of gaps: groups of questions, what the library has for them now, and a stub to write for each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.gap_clusters import Cluster
from bot.gap_report import GapReport, Standing
from bot.language import gettext as _
from bot.language import ngettext
from bot.level_names import level_name
from bot.markup import escape, shorten
from bot.rendering import MAX_TEXT
from bot.storage.gaps import KEPT
from bot.views.lasting import lasting

PAGE_PATTERN = re.compile(r"fathom:gaps:page:(?P<page>\d{1,4}):(?:back|more)")
STUB_PATTERN = re.compile(r"fathom:gaps:stub:(?P<page>\d{1,4})")
PER_PAGE = 6
_MOST_DEPTHS = 8
_ALSO = 2
# How many characters of a question to show: as many as fit, whatever escaping makes of them.
_WIDTHS = (140, 90, 60, 30)
_MAX_TITLE = 60
_MAX_LABEL = 100
_COLOUR = discord.Colour(0xC9793A)


def pages(report: GapReport) -> int:
    """Return how many pages the list has; at least one."""
    return max(1, -(-len(report.clusters) // PER_PAGE))


def on_page(report: GapReport, page: int) -> tuple[Cluster, ...]:
    """Return the gaps on a page, counted from 0."""
    return report.clusters[page * PER_PAGE : (page + 1) * PER_PAGE]


def gaps_view(report: GapReport, shown: Sequence[Standing], page: int, *, log_is_on: bool) -> ui.LayoutView:
    """Return one page of the list.

    Args:
        report: every gap.
        shown: what the library has now for the gaps on this page.
        page: the page, counted from 0.
        log_is_on: whether the operator lets questions be kept.
    """
    gaps = on_page(report, page)
    head = _head(report, log_is_on)
    for width in _WIDTHS:
        numbered = enumerate(zip(gaps, shown, strict=True), page * PER_PAGE + 1)
        groups = "\n\n".join(_gap(number, gap, now, width) for number, (gap, now) in numbered)
        depths = _depths(report, width) if page == 0 and report.depths else ""
        if sum(map(len, (head, groups, depths))) <= MAX_TEXT:
            break
    container: ui.Container[Any] = ui.Container(ui.TextDisplay(head), accent_colour=_COLOUR)
    if groups:
        container.add_item(ui.Separator())
        container.add_item(ui.TextDisplay(groups))
    if depths:
        container.add_item(ui.Separator())
        container.add_item(ui.TextDisplay(depths))
    if to_write := [gap for gap, now in zip(gaps, shown, strict=True) if now.answered_by is None]:
        container.add_item(ui.ActionRow(_stub_menu(to_write, page)))
    if pages(report) > 1:
        container.add_item(ui.ActionRow(*_page_buttons(page, pages(report))))
    return lasting(container)


def _head(report: GapReport, log_is_on: bool) -> str:
    if not report.total:
        said = _("Nothing: every question of the last {days} days has found its page.").format(days=KEPT.days)
    else:
        said = ngettext(
            "{count} question within {days} days, without who asked. Each group is a page to write, "
            "unless it says that one answers it by now.",
            "{count} questions within {days} days, without who asked. Each group is a page to write, "
            "unless it says that one answers it by now.",
            report.total,
        ).format(count=report.total, days=KEPT.days)
    off = _("**The log is off** (`answers.gap_log`): new questions are not kept.")
    return "\n".join([f"## {_('What people asked in vain')}", said, *([] if log_is_on else [off])])


def _gap(number: int, gap: Cluster, now: Standing, width: int) -> str:
    lines = [f"**{number}. {gap.count}×** {_words(gap.leader.text, width)}"]
    if also := [_words(item.text, width) for item in gap.wordings[1 : 1 + _ALSO]]:
        more = len(gap.wordings) - 1 - len(also)
        rest = [_("and {count} more").format(count=more)] if more else []
        lines.append(f"-# {_('also: {questions}').format(questions=' · '.join([*also, *rest]))}")
    said = [_("mostly at {level}").format(level=level_name(gap.level))]
    if now.answered_by and now.level:
        text = _("**answered by now**: {title} ({level})")
        said.append(text.format(title=_title(now.answered_by.title, width), level=level_name(now.level)))
    elif near := ", ".join(_title(topic.title, width) for topic in now.nearest):
        said.append(_("nearest: {titles}").format(titles=near))
    else:
        said.append(_("nothing near it: perhaps no question for this library"))
    lines.append(f"-# {' · '.join(said)}")
    return "\n".join(lines)


def _depths(report: GapReport, width: int) -> str:
    wanted = _("{level} wanted on {title}")
    lines = [
        f"- **{gap.count}×** {wanted.format(level=level_name(gap.level), title=_title(gap.title, width))}; {gap.now}"
        for gap in report.depths[:_MOST_DEPTHS]
    ]
    if (more := len(report.depths) - _MOST_DEPTHS) > 0:
        lines.append(f"- {_('and {count} more').format(count=more)}")
    return "\n".join([_("**Depths that were missing**"), *lines])


def _stub_menu(gaps: Sequence[Cluster], page: int) -> ui.Select[Any]:
    options = [
        discord.SelectOption(label=shorten(f"{gap.count}× {gap.leader.text}", _MAX_LABEL), value=gap.leader.key)
        for gap in gaps
    ]
    return ui.Select(
        custom_id=f"fathom:gaps:stub:{page}", placeholder=_("A page to write: choose a gap"), options=options
    )


def _page_buttons(page: int, count: int) -> list[ui.Button[Any]]:
    back: ui.Button[Any] = ui.Button(
        label=_("Back"), custom_id=f"fathom:gaps:page:{max(0, page - 1)}:back", disabled=page == 0
    )
    more: ui.Button[Any] = ui.Button(
        label=_("More (page {page} of {count})").format(page=page + 1, count=count),
        custom_id=f"fathom:gaps:page:{min(page + 1, count - 1)}:more",
        disabled=page + 1 >= count,
    )
    return [back, more]


def _words(question: str, width: int) -> str:
    return escape(shorten(question, width))


def _title(title: str, width: int) -> str:
    return escape(shorten(title, min(width, _MAX_TITLE)))
