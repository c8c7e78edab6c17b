"""A page that nobody has written yet: front matter, three empty depths, and what people asked."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from bot.explainer import clean_question
from index.asked_questions import OUTSIDE
from index.levels import Level
from index.lexical import terms, words
from index.page_reader import read_page

_TITLE_WORDS = 5
_MAX_SLUG = 60
_UNNAMED = "new-page"
# File names that mean something else in a content folder.
_RESERVED = frozenset({"index", "readme", OUTSIDE})


@dataclass(frozen=True, slots=True)
class PageStub:
    """Two files to fill in.

    Attributes:
        slug: the name of both files, which no page has yet.
        page: the page, in the library's format.
        questions: the questions that are to lead to it, in the format of the `questions` folder.
        missing: what the page still lacks, as `python -m bot check` says it.
    """

    slug: str
    page: str
    questions: str
    missing: tuple[str, ...]


def page_stub(
    asked: Sequence[str], *, count: int, related: Sequence[str], taken: Collection[str], day: date
) -> PageStub:
    """Return a stub of the page that would answer some questions.

    Args:
        asked: the questions, most frequent first; the first gives the page its working title.
        count: how often they were asked in all.
        related: the concepts nearest to them.
        taken: the slugs that have a page.
        day: the date to write on the page.
    """
    questions = [text for question in asked if (text := clean_question(question))]
    title = _working_title(questions[0]) if questions else "New Page"
    slug = _free_slug(title, taken)
    page = "\n".join(
        [
            "---",
            f"# Asked {count} times in vain. Write the page that answers these questions:",
            *(f"#   {text}" for text in questions),
            "# How to write a page: README.md of the content folder. What is still missing: python -m bot check",
            "# The title is only made of the words of a question; choose the name that the field uses.",
            f"title: {_quoted(title)}",
            f"date: {day.isoformat()}",
            "summary:",
            "aliases: []",
            "tags: []",
            "requires: []",
            f"related: [{', '.join(_quoted(slug) for slug in related)}]",
            "---",
            "",
            *(line for level in Level for line in (f"# {level.label}", "")),
        ]
    )
    listed = "".join(f"- {_quoted(text)}\n" for text in questions)
    problems = read_page(page.encode(), file=f"{slug}.md", slug=slug, lang="en").problems
    missing = tuple(
        f"line {problem.line}: {problem.message} -> {problem.remedy}"
        for problem in sorted(problems, key=lambda problem: problem.line)
    )
    return PageStub(slug, page, f"{slug}:\n{listed}", missing)


def _working_title(question: str) -> str:
    """Return the words of a question that say what it is about."""
    telling = [word for word in words(question) if terms(word)][:_TITLE_WORDS]
    return " ".join(word.capitalize() for word in telling) or "New Page"


def _free_slug(title: str, taken: Collection[str]) -> str:
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only)[:_MAX_SLUG].strip("-") or _UNNAMED
    number, free = 1, slug
    while free in taken or free in _RESERVED:
        number += 1
        free = f"{slug}-{number}"
    return free


def _quoted(text: str) -> str:
    """Return a text in double quotes, as YAML and JSON both read it."""
    return json.dumps(text, ensure_ascii=False)
