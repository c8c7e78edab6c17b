"""What a rebuild did, in one message that reads well on a phone; the whole diff goes into a file beside it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.change_words import change_words, depth_name
from bot.language import gettext as _
from bot.language import gettext_noop, ngettext
from bot.markup import escape, shorten, without_mentions
from index.build import BuildReport
from index.generation_diff import PageDiff, PageStatus
from index.golden import Broken, GoldenReport
from index.problems import Problem, Severity
from index.swap import BuildOutcome

DIFF_FILE = "changes.txt"
_MAX_LENGTH = 1_950
_MAX_PAGES, _MAX_LINKS, _MAX_BROKEN, _MAX_PROBLEMS = 8, 5, 8, 5
_TITLE, _LINE = 60, 160
_HEADINGS = {
    BuildOutcome.SWAPPED: gettext_noop("**The new library is being served.**"),
    BuildOutcome.UNCHANGED: gettext_noop("**Nothing has changed since the last time.**"),
    BuildOutcome.DRY_RUN: gettext_noop("**Dry run: nothing was swapped.** This is what would change."),
    BuildOutcome.REFUSED: gettext_noop("**The new library was refused; what served before goes on.**"),
    BuildOutcome.OVERRIDDEN: gettext_noop("**The new library is being served, although golden questions broke.**"),
}
_NOT_OPENED = gettext_noop("**The new library was built, but could not be opened; what served before goes on.**")
_PAGES = {
    PageStatus.ADDED: gettext_noop("{title}: page added"),
    PageStatus.REMOVED: gettext_noop("{title}: page removed"),
}


def report_text(report: BuildReport, *, serving: bool) -> str:
    """Return what a rebuild changed and what is wrong with the content, within one message of 2,000 characters.

    Args:
        report: what the build said.
        serving: whether the report's generation is the one that answers now.
    """
    meant_to_serve = report.outcome in {BuildOutcome.SWAPPED, BuildOutcome.OVERRIDDEN}
    head = [_(_HEADINGS[report.outcome] if serving or not meant_to_serve else _NOT_OPENED)]
    if report.pulled:
        head.append(_("Remote: {what}").format(what=escape(shorten(report.pulled, _LINE))))
    if report.golden is not None:
        head += _golden_lines(report.golden, report.outcome)
    pages: list[str] = []
    if report.outcome is not BuildOutcome.UNCHANGED:
        changes = report.changes
        words = change_words(changes.added, changes.changed, changes.removed) or _("none differs")
        head.append(_("Passages: {changes}.").format(changes=words))
        pages = _page_lines(report.diff.pages)
    problems = _problem_lines(report.problems)
    if pages:
        # Else the line would be read as one of the last item of the list.
        problems[0] = f"\n{problems[0]}"
    problems.append(_small_print(report))
    # What was found wrong is never pushed out by what changed: all of that is in the file.
    room = _MAX_LENGTH - sum(len(line) + 1 for line in [*head, *problems])
    return shorten("\n".join([*head, *_fitting(pages, room), *problems]), _MAX_LENGTH)


def _small_print(report: BuildReport) -> str:
    counts = report.counts
    said = [
        _("{concepts} concepts, {passages} passages, {works} works summarised.").format(
            concepts=counts.concepts, passages=f"{counts.passages:,}", works=counts.references
        )
    ]
    if report.outcome is not BuildOutcome.UNCHANGED:
        took = _("Embedded anew: {count}. Took {seconds} s.")
        said.append(took.format(count=f"{report.embedded:,}", seconds=f"{report.seconds:.0f}"))
    return f"-# {' '.join(said)}"


def diff_file(report: BuildReport) -> bytes | None:
    """Return the whole diff for a file, None where nothing differs."""
    return report.diff.text.encode() if report.diff.pages else None


def _fitting(lines: Sequence[str], room: int) -> list[str]:
    """Return as many lines as there is room for, and a word on those left out."""
    if sum(len(line) + 1 for line in lines) <= room:
        return list(lines)
    rest = f"- {_('the rest is in the file')}"
    room -= len(rest) + 1
    kept: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return [*kept, rest]


def _golden_lines(golden: GoldenReport, outcome: BuildOutcome) -> list[str]:
    figures = {"right": len(golden.right), "asked": golden.asked, "before": golden.right_before}
    if golden.right_before is None:
        lines = [_("Golden questions: {right} of {asked} right.").format(**figures)]
    else:
        lines = [_("Golden questions: {right} of {asked} right; before: {before}.").format(**figures)]
    if not golden.broken:
        return lines
    few = len(golden.broken) <= golden.tolerated
    lines.append(_("Right before and wrong now (few enough to go on):") if few else _("Right before and wrong now:"))
    lines += [f"- {_broken_line(item)}" for item in golden.broken[:_MAX_BROKEN]]
    lines += _more(len(golden.broken), _MAX_BROKEN, in_file=golden.regressed)
    if outcome is BuildOutcome.REFUSED:
        lines.append(
            _("Mend the pages, or `golden.yaml` if it asks for too much; to swap all the same: `override:True`.")
        )
    elif outcome is BuildOutcome.DRY_RUN and golden.regressed:
        lines.append(_("A rebuild would be refused."))
    return lines


def _broken_line(item: Broken) -> str:
    line = _("{question} → {expected}; now {answered}").format(
        question=shorten(item.question, 100), expected=item.expected, answered=item.answered or _("no answer")
    )
    return escape(shorten(line, _LINE))


def _page_lines(pages: Sequence[PageDiff]) -> list[str]:
    # What was lost first: that is what a moderator must not overlook.
    order = {PageStatus.REMOVED: 0, PageStatus.CHANGED: 1, PageStatus.ADDED: 2}
    ordered = sorted(pages, key=lambda page: (order[page.status], not page.summaries_lost))
    lines: list[str] = []
    for page in ordered[:_MAX_PAGES]:
        lines += _one_page(page)
    return lines + _more(len(pages), _MAX_PAGES, in_file=True)


def _one_page(page: PageDiff) -> list[str]:
    title = escape(shorten(page.title, _TITLE))
    if page.status is not PageStatus.CHANGED:
        return [f"- {_(_PAGES[page.status]).format(title=title)}"]
    lines = []
    for depth in page.depths:
        words = change_words(depth.added, depth.changed, depth.removed)
        lines.append(f"- {title}, {depth_name(depth.depth)}: {words}")
    if page.fields:
        lines.append(f"- {_('{title}, {fields}: changed').format(title=title, fields=', '.join(page.fields))}")
    for word, urls in (
        (_("link added"), page.links_added),
        (_("link removed"), page.links_removed),
        (_("lost its summary"), page.summaries_lost),
        (_("gained a summary"), page.summaries_gained),
    ):
        # In a code span, so that no preview of the page pops up and nothing in the address is markup.
        lines += [f"- {title}, {word}: `{_plain_address(url)}`" for url in urls[:_MAX_LINKS]]
        lines += _more(len(urls), _MAX_LINKS, in_file=True)
    return lines


def _plain_address(url: str) -> str:
    return without_mentions(shorten(url, 120).replace("`", "%60"))


def _problem_lines(problems: Sequence[Problem]) -> list[str]:
    if not problems:
        return [_("No problems with the content.")]
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = len(problems) - errors
    said = ", ".join(
        [
            ngettext("{count} error", "{count} errors", errors).format(count=errors),
            ngettext("{count} warning", "{count} warnings", warnings).format(count=warnings),
        ]
    )
    lines = [_("Problems with the content: {counts}.").format(counts=said)]
    ordered = sorted(problems, key=lambda problem: (problem.severity is not Severity.ERROR, problem))
    lines += [f"- {escape(shorten(str(problem), _LINE))}" for problem in ordered[:_MAX_PROBLEMS]]
    if len(ordered) > _MAX_PROBLEMS:
        lines.append(f"- {_('all of them: `python -m bot check`')}")
    return lines


def _more(count: int, shown: int, *, in_file: bool) -> list[str]:
    if count <= shown:
        return []
    said = _("and {count} more, all in the file") if in_file else _("and {count} more")
    return [f"- {said.format(count=count - shown)}"]
