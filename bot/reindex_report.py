"""What a rebuild did, in one message that reads well on a phone; the whole diff goes into a file beside it."""

from __future__ import annotations

from collections.abc import Sequence

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
_REST = "- the rest is in the file"
_HEADINGS = {
    BuildOutcome.SWAPPED: "**The new library is being served.**",
    BuildOutcome.UNCHANGED: "**Nothing has changed since the last time.**",
    BuildOutcome.DRY_RUN: "**Dry run: nothing was swapped.** This is what would change.",
    BuildOutcome.REFUSED: "**The new library was refused; what served before goes on.**",
    BuildOutcome.OVERRIDDEN: "**The new library is being served, although golden questions broke.**",
}
_NOT_OPENED = "**The new library was built, but could not be opened; what served before goes on.**"


def report_text(report: BuildReport, *, serving: bool) -> str:
    """Return what a rebuild changed and what is wrong with the content, within one message of 2,000 characters.

    Args:
        report: what the build said.
        serving: whether the report's generation is the one that answers now.
    """
    counts = report.counts
    meant_to_serve = report.outcome in {BuildOutcome.SWAPPED, BuildOutcome.OVERRIDDEN}
    head = [_HEADINGS[report.outcome] if serving or not meant_to_serve else _NOT_OPENED]
    if report.pulled:
        head.append(f"Remote: {escape(shorten(report.pulled, _LINE))}")
    if report.golden is not None:
        head += _golden_lines(report.golden, report.outcome)
    head.append(f"{counts.concepts} concepts, {counts.passages:,} passages, {counts.references} works summarised.")
    pages: list[str] = []
    if report.outcome is not BuildOutcome.UNCHANGED:
        head.append(f"Passages: {report.changes}. Embedded anew: {report.embedded:,}. Took {report.seconds:.0f} s.")
        pages = _page_lines(report.diff.pages)
    problems = _problem_lines(report.problems)
    if pages:
        # Else the line would be read as one of the last item of the list.
        problems[0] = f"\n{problems[0]}"
    # What was found wrong is never pushed out by what changed: all of that is in the file.
    room = _MAX_LENGTH - sum(len(line) + 1 for line in [*head, *problems])
    return shorten("\n".join([*head, *_fitting(pages, room), *problems]), _MAX_LENGTH)


def diff_file(report: BuildReport) -> bytes | None:
    """Return the whole diff for a file, None where nothing differs."""
    return report.diff.text.encode() if report.diff.pages else None


def _fitting(lines: Sequence[str], room: int) -> list[str]:
    """Return as many lines as there is room for, and a word on those left out."""
    if sum(len(line) + 1 for line in lines) <= room:
        return list(lines)
    room -= len(_REST) + 1
    kept: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return [*kept, _REST]


def _golden_lines(golden: GoldenReport, outcome: BuildOutcome) -> list[str]:
    before = "" if golden.right_before is None else f"; before: {golden.right_before}"
    lines = [f"Golden questions: {len(golden.right)} of {golden.asked} right{before}."]
    if not golden.broken:
        return lines
    few = len(golden.broken) <= golden.tolerated
    lines.append(f"Right before and wrong now{' (few enough to go on)' if few else ''}:")
    lines += [f"- {_broken_line(item)}" for item in golden.broken[:_MAX_BROKEN]]
    lines += _more(len(golden.broken), _MAX_BROKEN, "in the file" if golden.regressed else "")
    if outcome is BuildOutcome.REFUSED:
        lines.append("Mend the pages, or `golden.yaml` if it asks for too much; to swap all the same: `override:True`.")
    elif outcome is BuildOutcome.DRY_RUN and golden.regressed:
        lines.append("A rebuild would be refused.")
    return lines


def _broken_line(item: Broken) -> str:
    now = item.answered or "no answer"
    return escape(shorten(f"{shorten(item.question, 100)} → {item.expected}; now {now}", _LINE))


def _page_lines(pages: Sequence[PageDiff]) -> list[str]:
    # What was lost first: that is what a moderator must not overlook.
    order = {PageStatus.REMOVED: 0, PageStatus.CHANGED: 1, PageStatus.ADDED: 2}
    ordered = sorted(pages, key=lambda page: (order[page.status], not page.summaries_lost))
    lines: list[str] = []
    for page in ordered[:_MAX_PAGES]:
        lines += _one_page(page)
    return lines + _more(len(pages), _MAX_PAGES, "pages, all in the file")


def _one_page(page: PageDiff) -> list[str]:
    title = escape(shorten(page.title, _TITLE))
    if page.status is not PageStatus.CHANGED:
        return [f"- {title}: page {page.status}"]
    lines = []
    for depth in page.depths:
        parts = [
            f"{count} {word}"
            for count, word in ((depth.added, "added"), (depth.changed, "changed"), (depth.removed, "removed"))
            if count
        ]
        lines.append(f"- {title}, {depth.depth}: {', '.join(parts)}")
    if page.fields:
        lines.append(f"- {title}, {', '.join(page.fields)}: changed")
    for word, urls in (
        ("link added", page.links_added),
        ("link removed", page.links_removed),
        ("lost its summary", page.summaries_lost),
        ("gained a summary", page.summaries_gained),
    ):
        # In a code span, so that no preview of the page pops up and nothing in the address is markup.
        lines += [f"- {title}, {word}: `{_plain_address(url)}`" for url in urls[:_MAX_LINKS]]
        lines += _more(len(urls), _MAX_LINKS, word)
    return lines


def _plain_address(url: str) -> str:
    return without_mentions(shorten(url, 120).replace("`", "%60"))


def _problem_lines(problems: Sequence[Problem]) -> list[str]:
    if not problems:
        return ["No problems with the content."]
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    lines = [f"Problems with the content: {errors} errors, {len(problems) - errors} warnings."]
    ordered = sorted(problems, key=lambda problem: (problem.severity is not Severity.ERROR, problem))
    lines += [f"- {escape(shorten(str(problem), _LINE))}" for problem in ordered[:_MAX_PROBLEMS]]
    if len(ordered) > _MAX_PROBLEMS:
        lines.append("- all of them: `python -m bot check`")
    return lines


def _more(count: int, shown: int, where: str) -> list[str]:
    return [f"- and {count - shown} more {where}".rstrip()] if count > shown else []
