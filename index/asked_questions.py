"""How people ask for each concept: questions that lead the search to a page, and are never shown as its words."""

from __future__ import annotations

from dataclasses import dataclass

from index.problems import Problems
from index.yaml_nodes import YamlError, read_mapping

MAX_QUESTIONS_BYTES = 500_000
_MAX_WORDS = 80
OUTSIDE = "outside"
"""In place of a concept: questions that no page answers, which teach the search to stay silent."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as somebody would type it, and the concept whose page answers it."""

    slug: str
    lang: str
    text: str
    file: str
    line: int


def read_questions(data: bytes, *, file: str, lang: str, problems: Problems) -> list[AskedQuestion]:
    """Read one file of `slug: [question, ...]`; what cannot be used is reported, the rest is kept."""
    if len(data) > MAX_QUESTIONS_BYTES:
        problems.error(file, 1, f"the file has {len(data):,} bytes", f"split it; at most {MAX_QUESTIONS_BYTES:,}")
        return []
    try:
        entries = read_mapping(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        problems.error(file, data.count(b"\n", 0, error.start) + 1, "the file is not UTF-8 text", "save it as UTF-8")
        return []
    except YamlError as error:
        problems.error(file, error.line, f"not valid YAML: {error}", "put each question in double quotes")
        return []
    found: list[AskedQuestion] = []
    for entry in entries:
        items = entry.lined_texts()
        if items is None:
            problems.error(
                file, entry.line, f"`{entry.key}` is not a list of questions", 'write `- "a question"` lines'
            )
            continue
        for text, line in items:
            if not text:
                continue
            if len(text.split()) > _MAX_WORDS:
                problems.warning(file, line, f"a question of {len(text.split())} words", f"at most {_MAX_WORDS}")
                continue
            found.append(AskedQuestion(entry.key.casefold(), lang, text, file, line))
    return found


def check_questions(questions: list[AskedQuestion], slugs: set[str], problems: Problems) -> None:
    """Report questions for concepts that have no page, and one question asked for two concepts."""
    owners: dict[str, AskedQuestion] = {}
    unknown: set[tuple[str, str]] = set()
    for question in questions:
        if question.slug not in slugs | {OUTSIDE} and (question.file, question.slug) not in unknown:
            unknown.add((question.file, question.slug))
            problems.warning(question.file, question.line, f"`{question.slug}` has no page", "write it, or drop these")
        first = owners.setdefault(question.text.casefold(), question)
        if first is not question:
            problems.warning(
                question.file, question.line, f"asked before, for {first.slug} ({first.file}:{first.line})", "drop one"
            )
