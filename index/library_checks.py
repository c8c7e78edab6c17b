"""What can only be seen with the whole library in view: links that dangle, cycles, names claimed twice."""

from __future__ import annotations

from collections.abc import Iterator

from index.asked_questions import check_questions
from index.levels import Level
from index.library import Library
from index.page import Page
from index.problems import Problem, Problems
from index.urls import canonical_url


def check_library(library: Library) -> list[Problem]:
    """Return every problem of a library, those found while reading included, by file and line."""
    problems = Problems(library.problems)
    _check_edges(library, problems)
    _check_cycles(library, problems)
    _check_names(library, problems)
    _check_sources(library, problems)
    check_questions(list(library.questions), library.slugs, problems)
    return sorted(problems)


def _check_edges(library: Library, problems: Problems) -> None:
    slugs = library.slugs
    for page in library.pages.values():
        for key, targets in (("requires", page.requires), ("related", page.related)):
            for target in targets:
                if target not in slugs:
                    problems.warning(
                        page.file,
                        page.line_of(key),
                        f"`{key}` names `{target}`, which has no page",
                        "write it, or drop it",
                    )
                elif target == page.slug:
                    problems.warning(page.file, page.line_of(key), f"`{key}` names the page itself", "drop it")


def _check_cycles(library: Library, problems: Problems) -> None:
    pages = {page.slug: page for page in library.pages.values()}
    done: set[str] = set()
    for slug in sorted(pages):
        for cycle in _cycles_from(slug, pages, done):
            page = pages[cycle[0]]
            problems.error(
                page.file,
                page.line_of("requires"),
                f"`requires` goes in a circle: {' -> '.join(cycle)}",
                "break it",
            )


def _cycles_from(start: str, pages: dict[str, Page], done: set[str]) -> Iterator[list[str]]:
    """Walk depth first without recursion, and yield each path that comes back to itself."""
    path: list[str] = []
    stack: list[tuple[str, bool]] = [(start, False)]
    while stack:
        slug, leaving = stack.pop()
        if leaving:
            path.pop()
            done.add(slug)
            continue
        if slug in path:
            yield [*path[path.index(slug) :], slug]
            continue
        if slug in done or slug not in pages:
            continue
        path.append(slug)
        stack.append((slug, True))
        stack += [(target, False) for target in reversed(pages[slug].requires)]


def _check_names(library: Library, problems: Problems) -> None:
    owners: dict[tuple[str, str], Page] = {}
    for page in library.pages.values():
        owners.setdefault((page.lang, page.title.casefold()), page)
    for page in library.pages.values():
        for name in (page.title, *page.aliases):
            owner = owners.setdefault((page.lang, name.casefold()), page)
            if owner is not page:
                key = "title" if name == page.title else "aliases"
                problems.warning(
                    page.file,
                    page.line_of(key),
                    f"`{name}` also names {owner.file}",
                    "leave it to one of the two",
                )


def _check_sources(library: Library, problems: Problems) -> None:
    spellings: dict[str, str] = {}
    for page in library.pages.values():
        if Level.ADVANCED in page.tiers and not page.sources:
            problems.warning(page.file, page.tiers[Level.ADVANCED].line, "no sources", "list the works it rests on")
        for source in page.sources:
            reference = library.reference(source)
            if reference is None:
                problems.warning(
                    page.file,
                    source.line,
                    f"{source.url} has no summary",
                    "add it to a file in `references/`",
                )
            first = spellings.setdefault(canonical_url(source.url), source.url)
            if first != source.url:
                problems.warning(page.file, source.line, f"{source.url} is spelled {first} elsewhere", f"write {first}")
    for reference in library.references.values():
        if canonical_url(reference.url) not in spellings:
            problems.warning(
                reference.file, reference.first_line, f"no page cites {reference.url}", "cite or delete it"
            )
