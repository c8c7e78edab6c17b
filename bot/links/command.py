"""`python -m bot links`: every address that pages and references name, tried and reported."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.links.checker import LinkChecker
from bot.links.report import LinkReport, LinkResult, LinkVerdict, write_link_report
from index.library import Library, read_library
from index.urls import canonical_url


def check_links(folder: Path, state: Path) -> int:
    """Check the links of a content folder and keep the report; return 1 if any is broken, else 0.

    Raises:
        LibraryError: the content folder does not exist.
    """
    places = places_of_links(read_library(folder))
    results = asyncio.run(_check(list(places)))
    report = LinkReport(
        checked_at=datetime.now(UTC),
        results=tuple(result.model_copy(update={"places": places[result.url]}) for result in results),
    )
    for result in sorted(report.results, key=lambda item: item.places):
        if result.verdict is not LinkVerdict.GOOD:
            sys.stdout.write(f"{result}\n")
    sys.stdout.write(f"{report.line()}\n")
    if report.results and not report.reached_any:
        sys.stderr.write("Not one server answered: this machine seems to be offline, so no report was kept.\n")
        return 1
    sys.stdout.write(f"kept in {write_link_report(state, report)}\n")
    return 1 if report.count(LinkVerdict.BROKEN) else 0


def places_of_links(library: Library) -> dict[str, tuple[str, ...]]:
    """Return every address that readers may be shown, with each `file:line` that names it; spellings count as one."""
    spelled: dict[str, str] = {}
    places: dict[str, list[str]] = {}
    named = [(item.url, f"{item.file}:{item.first_line}") for item in library.references.values()]
    named += [(source.url, f"{page.file}:{source.line}") for page in library.pages.values() for source in page.sources]
    for url, place in named:
        places.setdefault(spelled.setdefault(canonical_url(url), url), []).append(place)
    return {url: tuple(dict.fromkeys(found)) for url, found in places.items()}


async def _check(urls: list[str]) -> list[LinkResult]:
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Trying links", total=len(urls))
        async with LinkChecker() as checker:
            return await checker.check_all(urls, lambda _: bar.advance(task))
