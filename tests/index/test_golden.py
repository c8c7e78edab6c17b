from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz, process

from index.golden import GoldenAnswer, GoldenQuestion, ask_golden, check_golden, read_golden
from index.golden_record import read_record, write_record
from index.levels import Level
from index.library import read_library
from index.problems import Problems, Severity
from tests.support.pages import write_library

EVALUATION = Path(__file__).parent.parent / "eval"


def read(root: Path, text: str) -> tuple[tuple[GoldenQuestion, ...], Problems]:
    (root / "golden.yaml").write_text(text)
    problems = Problems()
    return read_golden(root, problems), problems


def test_questions_with_and_without_a_depth(tmp_path: Path) -> None:
    questions, problems = read(
        tmp_path,
        '"what is tea?": tea\n"how is it made?": tea, advanced\n# comment\n"and?": [Tea, Basic]\n"why?": outside\n',
    )
    assert problems == []
    assert [(item.text, item.slug, item.level, item.line) for item in questions] == [
        ("what is tea?", "tea", None, 1),
        ("how is it made?", "tea", Level.ADVANCED, 2),
        ("and?", "tea", Level.BASIC, 4),
        ("why?", "outside", None, 5),
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('"a": tea\n"b": tea, expert\n', 2, "`expert` is no depth"),
        ('"a":\n', 1, "not a question with its concept"),
        ('"a": tea, basic, now\n', 1, "not a question with its concept"),
        ('"a": {slug: tea}\n', 1, "not a question with its concept"),
        ('"a": tea\n"a": milk\n', 2, "appears again"),
        ('"a": tea\n  - b: [\n', 2, "not valid YAML"),
        ("- a\n", 1, "not valid YAML"),
        ("a: &x tea\nb: *x\n", 2, "aliases"),
    ],
)
def test_what_cannot_be_used_is_reported_where_it_stands(tmp_path: Path, text: str, line: int, message: str) -> None:
    _, problems = read(tmp_path, text)
    (problem,) = problems
    assert (problem.file, problem.severity) == ("golden.yaml", Severity.ERROR)
    assert problem.line in {line, line + 1}
    assert message in problem.message


def test_a_folder_without_golden_questions_has_none(tmp_path: Path) -> None:
    problems = Problems()
    assert read_golden(tmp_path, problems) == ()
    assert problems == []
    (tmp_path / "golden.yaml").write_bytes(b"\xff\xfe\x00")
    assert read_golden(tmp_path, problems) == ()
    assert "not UTF-8" in problems[0].message


@given(st.binary(max_size=200))
def test_no_file_stops_the_reader(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    root = tmp_path_factory.mktemp("golden")
    (root / "golden.yaml").write_bytes(data)
    for question in read_golden(root, Problems()):
        assert question.text
        assert question.slug


def test_the_check_finds_what_no_such_library_can_answer(tmp_path: Path) -> None:
    root = write_library(tmp_path)
    page = root / "en" / "spoon-bias.md"
    page.write_text(page.read_text().split("# Advanced")[0])
    (root / "questions").mkdir()
    (root / "questions" / "asked.yaml").write_text('kettle-drift:\n- "Why does it boil?"\n')
    questions, problems = read(
        root,
        '"a": tea\n"b": spoon-bias, advanced\n"why does it boil?": kettle-drift\n"d": outside\n"e": cup-collapse\n',
    )
    check_golden(questions, read_library(root), problems)
    assert [str(problem).partition(" ->")[0] for problem in problems] == [
        "golden.yaml:1 error `tea` has no page",
        "golden.yaml:2 error en/spoon-bias.md has no Advanced",
        "golden.yaml:3 warning also stands in questions/asked.yaml:2, so it shows nothing",
    ]


def questions_of(count: int) -> list[GoldenQuestion]:
    return [GoldenQuestion(f"q{number}", "tea", None, number + 1) for number in range(count)]


def answering(wrong: int) -> Callable[[GoldenQuestion], GoldenAnswer]:
    return lambda question: GoldenAnswer("milk" if question.line <= wrong else "tea", Level.BASIC)


@pytest.mark.parametrize(("count", "wrong", "refused"), [(3, 1, True), (99, 1, True), (100, 1, False), (250, 3, True)])
def test_one_in_a_hundred_may_break(count: int, wrong: int, *, refused: bool) -> None:
    questions = questions_of(count)
    before = frozenset(question.key for question in questions)
    report = ask_golden(questions, answering(wrong), before)
    assert (report.asked, len(report.right), report.right_before) == (count, count - wrong, count)
    assert [item.question for item in report.broken] == [f"q{number}" for number in range(wrong)]
    assert str(report.broken[0]) == "golden.yaml:1 q0 -> tea, now milk, basic"
    assert report.regressed is refused


def test_what_was_wrong_before_cannot_break() -> None:
    questions = questions_of(4)
    report = ask_golden(questions, answering(4), frozenset())
    assert (report.right_before, report.broken, report.regressed) == (0, (), False)
    unknown = ask_golden(questions, answering(4), None)
    assert (unknown.right_before, unknown.regressed) == (None, False)


def test_silence_and_depth_count() -> None:
    silent = GoldenQuestion("q", "outside", None, 1)
    deep = GoldenQuestion("q", "tea", Level.ADVANCED, 2)
    both = frozenset({silent.key, deep.key})
    assert ask_golden([silent], lambda _: GoldenAnswer(None, None), both).broken == ()
    assert str(ask_golden([silent], lambda _: GoldenAnswer("tea", Level.BASIC), both).broken[0]).endswith(
        "-> no answer, now tea, basic"
    )
    assert ask_golden([deep], lambda _: GoldenAnswer("tea", Level.BASIC), both).regressed
    assert not ask_golden([deep], lambda _: GoldenAnswer("tea", Level.ADVANCED), both).regressed


def test_what_was_right_is_kept_for_the_generation_that_serves(tmp_path: Path) -> None:
    assert read_record(tmp_path, "a") is None
    write_record(tmp_path, "a", ["one", "two"])
    assert read_record(tmp_path, "a") == {"one", "two"}
    assert read_record(tmp_path, "b") is None
    (tmp_path / "golden-answers.json").write_text("{")
    assert read_record(tmp_path, "a") is None


def test_the_shipped_golden_questions_are_the_librarys_own(library_content: Path) -> None:
    problems = Problems()
    questions = read_golden(library_content, problems)
    library = read_library(library_content)
    check_golden(questions, library, problems)
    assert problems == []
    assert len(questions) >= 60
    groups = {page.tags[0] for page in library.pages.values()}
    asked = {page.tags[0] for question in questions if (page := library.page(question.slug))}
    assert asked == groups
    known = [question.text for question in library.questions]
    for file in EVALUATION.glob("*.jsonl"):
        for line in file.read_text().splitlines():
            entry = json.loads(line)
            known += [entry["question"]] if "question" in entry else entry["turns"]
    for question in questions:
        nearest, likeness, _ = process.extractOne(question.text, known, scorer=fuzz.ratio)
        assert likeness < 85, f"{question.text!r} is too near {nearest!r}"
