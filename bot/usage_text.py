"""How the bot is used, as text: bars of characters, so that it reads without pictures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from bot.language import gettext as _
from bot.language import gettext_noop, ngettext
from bot.level_names import level_name
from bot.markup import escape, shorten
from bot.storage.feedback import Verdict
from bot.storage.served import Usage
from bot.verdict_names import verdict_name

Feedback = Mapping[str, Mapping[Verdict, int]]
_BAR = 20
_MOST_DAYS = 14
_MOST_PAGES = 8
_MAX_TITLE = 50
# Two lists of this length and all the bars fit into one message.
_MAX_LIST = 1_000
# As `bot.records` writes them down.
_WAYS = {
    "ask": gettext_noop("`/ask`"),
    "topics": gettext_noop("`/topics`"),
    "path": gettext_noop("`/path`"),
    "mention": gettext_noop("mention"),
    "direct": gettext_noop("direct message"),
    "thread": gettext_noop("thread"),
    "menu": gettext_noop("message menu"),
    "button": gettext_noop("button"),
}


def usage_text(
    usage: Usage, feedback: Feedback, titles: Mapping[str, str], *, first: date, last: date
) -> tuple[str, ...]:
    """Return what was served and what people thought of it, a block for each matter.

    Args:
        usage: what was counted.
        feedback: how often each verdict was given on each page.
        titles: the pages' titles by slug.
        first: the first day counted.
        last: the last day counted.
    """
    span = (last - first).days + 1
    when = _("{first} to {last}, all servers together, without who asked").format(first=first, last=last)
    head = f"## {_('How I was used')}\n-# {when}"
    if not usage.answers:
        none = ngettext("No answer in this {count} day.", "No answer in these {count} days.", span)
        return (head, none.format(count=span))
    total = ngettext(
        "**{answers} answer**, {share} of them that the library does not cover it.",
        "**{answers} answers**, {share} of them that the library does not cover it.",
        usage.answers,
    ).format(answers=f"{usage.answers:,}", share=f"{usage.not_covered / usage.answers:.0%}")
    ordered = sorted(usage.ways.items(), key=lambda item: -item[1])
    ways = ", ".join(f"{_(_WAYS[way]) if way in _WAYS else escape(way)} {count:,}" for way, count in ordered)
    total += f"\n-# {_('by {ways}').format(ways=ways)}"
    bars = (_days(usage, first, last), _levels(usage), _sureness(usage))
    lists = (_pages(usage, titles), _feedback(feedback, titles))
    return (head, total, *bars, *(shorten(block, _MAX_LIST) for block in lists))


def _days(usage: Usage, first: date, last: date) -> str:
    """Return a bar a day; a bar a week or longer where there would be too many."""
    span = (last - first).days + 1
    step = -(-span // _MOST_DAYS)
    counts: dict[str, int] = {}
    for start in range(0, span, step):
        days = [first + timedelta(days=start + number) for number in range(min(step, span - start))]
        counts[f"{days[0]:%m-%d}"] = sum(usage.days.get(day, (0, 0))[0] for day in days)
    unit = _("Answers a day") if step == 1 else _("Answers in {count} days, from").format(count=step)
    return _block(unit, counts)


def _levels(usage: Usage) -> str:
    return _block(_("Depth shown"), {level_name(level): count for level, count in usage.levels.items()})


def _sureness(usage: Usage) -> str:
    names = ("0-20 %", "20-40 %", "40-60 %", "60-80 %", "80-100 %")
    pairs = [usage.tenths[2 * place] + usage.tenths[2 * place + 1] for place in range(5)]
    return _block(_("Confidence"), dict(zip(names, pairs, strict=True)))


def _pages(usage: Usage, titles: Mapping[str, str]) -> str:
    lines = [f"- {_title(slug, titles)}: {count:,}" for slug, count in list(usage.pages.items())[:_MOST_PAGES]]
    return "\n".join([f"**{_('Pages read most')}**", *(lines or [_("None yet.")])])


def _feedback(feedback: Feedback, titles: Mapping[str, str]) -> str:
    """Return the pages with the most complaints first, with every reason that was given."""
    if not feedback:
        return f"**{_('Feedback')}**\n{_('None yet.')}"
    order = sorted(feedback.items(), key=lambda item: (-_complaints(item[1]), -sum(item[1].values()), item[0]))
    lines = []
    for slug, verdicts in order[:_MOST_PAGES]:
        said = ", ".join(
            f"{verdict_name(verdict)} {verdicts[verdict]:,}" for verdict in Verdict if verdicts.get(verdict)
        )
        lines.append(f"- {_title(slug, titles)}: {said}")
    if (more := len(order) - _MOST_PAGES) > 0:
        text = ngettext("and {count} more page", "and {count} more pages", more)
        lines.append(f"- {text.format(count=more)}")
    return "\n".join([_("**Feedback**, most complaints first"), *lines])


def _complaints(verdicts: Mapping[Verdict, int]) -> int:
    return sum(count for verdict, count in verdicts.items() if verdict is not Verdict.RIGHT)


def _block(heading: str, counts: Mapping[str, int]) -> str:
    """Return counts with a bar each, in letters of equal width."""
    most = max(1, *counts.values())
    wide, digits = max(map(len, counts)), len(str(most))
    lines = [
        f"{name:<{wide}} {count:>{digits}} {'█' * round(_BAR * count / most)}".rstrip()
        for name, count in counts.items()
    ]
    return f"**{heading}**\n```\n" + "\n".join(lines) + "\n```"


def _title(slug: str, titles: Mapping[str, str]) -> str:
    return escape(shorten(titles.get(slug, slug), _MAX_TITLE))
