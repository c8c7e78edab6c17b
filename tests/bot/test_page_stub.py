from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.page_stub import page_stub
from index.asked_questions import read_questions
from index.library import read_library
from index.library_checks import check_library
from index.page_reader import read_page
from index.problems import Problems, Severity
from tests.support.pages import write_library

DAY = date(2026, 11, 22)
HOSTILE = [
    "---",
    "# Basic",
    "a\n---\n# Basic\nforged",
    '"',
    "\\",
    "title: x",
    "\ud800",
    "\u2028",
    "null",
    "- [x](y)",
    "#",
]


@given(
    asked=st.lists(st.one_of(st.text(max_size=80), st.sampled_from(HOSTILE)), max_size=6),
    related=st.lists(st.text("abc-~._", min_size=1, max_size=10), max_size=3),
)
def test_whatever_was_asked_the_stub_is_a_page_that_only_lacks_its_words(asked: list[str], related: list[str]) -> None:
    stub = page_stub(asked, count=3, related=related, taken=set(), day=DAY)
    result = read_page(stub.page.encode(), file="en/x.md", slug=stub.slug, lang="en")
    assert result.page is not None
    assert not [problem for problem in result.problems if problem.severity is Severity.ERROR]
    assert len(result.problems) == len(stub.missing)
    assert result.page.tiers == {}, "no question becomes a part of the page"
    assert result.page.date == "2026-11-22"
    assert set(result.page.related) <= set(related)
    problems = Problems()
    listed = read_questions(stub.questions.encode(), file="x.yaml", lang="en", problems=problems)
    assert not [problem for problem in problems if "not valid YAML" in problem.message]
    assert {question.slug for question in listed} <= {stub.slug}


def test_a_library_takes_the_stub_and_says_what_it_lacks(tmp_path: Path) -> None:
    root = write_library(tmp_path)
    stub = page_stub(
        ["what is the waluigi effect?", "waluigi effect"],
        count=12,
        related=["kettle-drift"],
        taken={"waluigi-effect"},
        day=DAY,
    )
    assert stub.slug == "waluigi-effect-2"
    (root / "en" / f"{stub.slug}.md").write_text(stub.page)
    (root / "questions").mkdir()
    (root / "questions" / f"{stub.slug}.yaml").write_text(stub.questions)
    library = read_library(root)
    page = library.page(stub.slug)
    assert page is not None
    assert (page.title, page.related) == ("Waluigi Effect", ("kettle-drift",))
    assert [question.text for question in library.questions] == ["what is the waluigi effect?", "waluigi effect"]
    problems = sorted((item for item in check_library(library) if stub.slug in item.file), key=lambda item: item.line)
    assert all(problem.severity is Severity.WARNING for problem in problems)
    assert [problem.message for problem in problems] == [
        "`summary` is not text",
        "`# Basic` is empty",
        "`# Intermediate` is empty",
        "`# Advanced` is empty",
    ]
    assert [missing.split(": ")[1].split(" -> ")[0] for missing in stub.missing] == [item.message for item in problems]


def test_a_question_without_words_still_gets_a_name_that_is_free() -> None:
    assert page_stub(["???"], count=1, related=[], taken={"new-page"}, day=DAY).slug == "new-page-2"
    assert page_stub(["index"], count=1, related=[], taken=set(), day=DAY).slug == "index-2"
    assert page_stub(["你好"], count=1, related=[], taken=set(), day=DAY).slug == "new-page"
