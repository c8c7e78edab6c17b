"""Golden questions: what a content folder must always answer, asked before a new generation may serve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.asked_questions import OUTSIDE
from index.embedding import Encoder
from index.generation import Generation
from index.levels import Level
from index.library import Library
from index.problems import Problems
from index.yaml_nodes import Entry, YamlError, read_mapping

GOLDEN_FILE = "golden.yaml"
_MAX_BYTES = 500_000
_MAX_PARTS = 2
_ONE_IN = 100
"""One broken question in a hundred is let pass, so with fewer than a hundred right before none may break.

Ranking is learned from the whole library, so a page that comes or goes could tip a close call about another page; but
`docs/moderating.md` measures that it hardly ever does, so what breaks was broken by what changed.
"""


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question, the concept that must answer it (or `outside`: nothing must), and a depth it must have, if any."""

    text: str
    slug: str
    level: Level | None
    line: int

    @property
    def key(self) -> str:
        """What tells it apart from all others, the answer expected included."""
        return f"{self.slug}, {self.level or 'any depth'}: {self.text}"


@dataclass(frozen=True, slots=True)
class GoldenAnswer:
    """What was answered: a concept at a depth, or nothing."""

    slug: str | None
    level: Level | None


Answering = Callable[[GoldenQuestion], GoldenAnswer]
"""Answers one question as a reader would be answered."""

OpenAnswering = Callable[[Generation, Encoder], Answering]
"""Prepares a generation for answering."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A question that was answered right before, and no longer is; the answer now is None for silence."""

    question: str
    expected: str
    answered: str | None
    line: int

    def __str__(self) -> str:
        now = self.answered or "no answer"
        return f"{GOLDEN_FILE}:{self.line} {self.question} -> {self.expected}, now {now}"


@dataclass(frozen=True, slots=True)
class GoldenReport:
    """How the golden questions went.

    Attributes:
        asked: how many there are.
        right: which ones the new generation answers right, by key.
        right_before: how many of them the serving generation answers right; None when nobody knows.
        broken: those right before and wrong now.
        tolerated: how many may break before the swap is refused.
    """

    asked: int
    right: tuple[str, ...]
    right_before: int | None
    broken: tuple[Broken, ...]
    tolerated: int

    @property
    def regressed(self) -> bool:
        """Whether more broke than chance explains."""
        return len(self.broken) > self.tolerated


def read_golden(root: Path, problems: Problems) -> tuple[GoldenQuestion, ...]:
    """Read a content folder's golden questions, none if it has no such file; what cannot be used is reported."""
    try:
        data = (root / GOLDEN_FILE).read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        problems.error(GOLDEN_FILE, 1, f"cannot be read: {error.strerror or error}", "check the file's permissions")
        return ()
    if len(data) > _MAX_BYTES:
        problems.error(GOLDEN_FILE, 1, f"the file has {len(data):,} bytes", f"keep to {_MAX_BYTES:,}: fewer questions")
        return ()
    try:
        entries = read_mapping(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.error(GOLDEN_FILE, line, "the file is not UTF-8 text", "save it as UTF-8")
        return ()
    except YamlError as error:
        problems.error(GOLDEN_FILE, error.line, f"not valid YAML: {error}", "put each question in double quotes")
        return ()
    questions = (_question(entry, problems) for entry in entries)
    return tuple(question for question in questions if question is not None)


def check_golden(questions: Sequence[GoldenQuestion], library: Library, problems: Problems) -> None:
    """Report golden questions that no library like this can answer, and those it was taught word by word."""
    taught = {question.text.casefold(): question for question in library.questions}
    for question in questions:
        page = library.page(question.slug)
        if question.slug != OUTSIDE and page is None:
            problems.error(GOLDEN_FILE, question.line, f"`{question.slug}` has no page", "name another, or drop it")
        elif page is not None and question.level is not None and question.level not in page.tiers:
            problems.error(
                GOLDEN_FILE, question.line, f"{page.file} has no {question.level.label}", "write it, or drop the depth"
            )
        if copy := taught.get(question.text.casefold()):
            problems.warning(
                GOLDEN_FILE,
                question.line,
                f"also stands in {copy.file}:{copy.line}, so it shows nothing",
                "ask it in other words",
            )


def ask_golden(
    questions: Sequence[GoldenQuestion], now: Answering, right_before: frozenset[str] | None
) -> GoldenReport:
    """Ask the new generation, and compare with what was right before (by key; None when nobody knows)."""
    right: list[str] = []
    broken: list[Broken] = []
    known = right_before or frozenset()
    for question in questions:
        answer = now(question)
        if _is_right(question, answer):
            right.append(question.key)
        elif question.key in known:
            broken.append(Broken(question.text, _expected(question), _said(answer), question.line))
    before = sum(question.key in known for question in questions) if right_before is not None else None
    return GoldenReport(len(questions), tuple(right), before, tuple(broken), (before or 0) // _ONE_IN)


def right_answers(questions: Sequence[GoldenQuestion], answering: Answering) -> frozenset[str]:
    """Return which questions a generation answers right, by key."""
    return frozenset(question.key for question in questions if _is_right(question, answering(question)))


def _is_right(question: GoldenQuestion, answer: GoldenAnswer) -> bool:
    if question.slug == OUTSIDE:
        return answer.slug is None
    return answer.slug == question.slug and question.level in {None, answer.level}


def _expected(question: GoldenQuestion) -> str:
    if question.slug == OUTSIDE:
        return "no answer"
    return f"{question.slug}, {question.level}" if question.level else question.slug


def _said(answer: GoldenAnswer) -> str | None:
    return f"{answer.slug}, {answer.level}" if answer.slug and answer.level else answer.slug


def _question(entry: Entry, problems: Problems) -> GoldenQuestion | None:
    values = entry.texts()
    parts = [part.strip().casefold() for value in values or () for part in value.split(",")]
    if not parts or len(parts) > _MAX_PARTS or not all(parts) or not entry.key.strip():
        problems.error(
            GOLDEN_FILE, entry.line, "not a question with its concept", 'write "a question?": slug, or slug, level'
        )
        return None
    level = parts[1] if len(parts) == _MAX_PARTS else None
    if level is not None and level not in set(Level):
        problems.error(GOLDEN_FILE, entry.line, f"`{level[:30]}` is no depth", f"use one of {', '.join(Level)}")
        return None
    text = " ".join(entry.key.split())
    return GoldenQuestion(text, parts[0], Level(level) if level else None, entry.line)
