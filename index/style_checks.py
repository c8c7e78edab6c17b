"""What a content folder asks of its own pages: lengths, reading grade, references that were looked up."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.levels import Level
from index.library import Library
from index.page import Page
from index.passages import cut_library
from index.pieces import CountTokens
from index.plain import plain_text
from index.problems import Problems
from index.references import Reference

STYLE_FILE = "style.yaml"
_ARXIV_YEAR = re.compile(r"^https://arxiv\.org/abs/(\d\d)\d\d\.\d{4,5}$")

_Range = Annotated[tuple[int, int], Field(description="least and most")]


class _Rules(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DepthStyle(_Rules):
    """How many words one depth has, and the highest Flesch-Kincaid grade that it may need."""

    words: _Range | None = None
    grade: float | None = None


class ReferenceStyle(_Rules):
    """How many works each page cites, and how many words a summary has."""

    each: _Range | None = None
    words: _Range | None = None


class Style(_Rules):
    """The rules of one content folder."""

    basic: DepthStyle = DepthStyle()
    intermediate: DepthStyle = DepthStyle()
    advanced: DepthStyle = DepthStyle()
    references: ReferenceStyle | None = None

    def of(self, level: Level) -> DepthStyle:
        """Return the rules for one depth."""
        return {Level.BASIC: self.basic, Level.INTERMEDIATE: self.intermediate, Level.ADVANCED: self.advanced}[level]


def check_style(library: Library) -> Problems:
    """Return where pages and references do not keep to their folder's style file; nothing without such a file."""
    problems = Problems()
    style = _read_style(library.root / STYLE_FILE, problems)
    if style is None:
        return problems
    for page in library.pages.values():
        for level, tier in page.tiers.items():
            text = "\n\n".join(block.text for block in tier.blocks)
            _check_length(page, level, tier.line, text, style.of(level), problems)
            _check_grade(page, tier.line, text, style.of(level), problems)
        if style.references and style.references.each and Level.ADVANCED in page.tiers:
            least, most = style.references.each
            if not least <= len(page.sources) <= most:
                line = page.tiers[Level.ADVANCED].line
                problems.warning(page.file, line, f"{len(page.sources)} works cited", f"cite {least} to {most}")
    if style.references:
        for reference in library.references.values():
            _check_reference(reference, style.references, problems)
    return problems


def check_windows(library: Library, *, count_tokens: CountTokens, window: int) -> Problems:
    """Return the passages that the model would read only in part, because one sentence alone is too long."""
    problems = Problems()
    for passage in cut_library(library, count_tokens=count_tokens, window=window):
        tokens = count_tokens(passage.embedding_text()[0]) + 2
        if tokens > window:
            problems.warning(
                passage.file,
                passage.first_line,
                f"a passage of {tokens} tokens; the model reads {window}",
                "make shorter sentences of it",
            )
    return problems


def _read_style(file: Path, problems: Problems) -> Style | None:
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        return Style.model_validate(data or {})
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        problems.error(STYLE_FILE, 1, f"cannot be read: {type(error).__name__}", "mend it, or delete it")
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        problems.error(STYLE_FILE, 1, f"`{where}`: {first['msg']}", "see knowledge/README.md")
    return None


def _check_length(page: Page, level: Level, line: int, text: str, style: DepthStyle, problems: Problems) -> None:
    words = len(text.split())
    if style.words is not None and not style.words[0] <= words <= style.words[1]:
        least, most = style.words
        problems.warning(page.file, line, f"{level.label} has {words} words", f"write {least} to {most}")


def _check_grade(page: Page, line: int, text: str, style: DepthStyle, problems: Problems) -> None:
    if style.grade is None or page.lang != "en" or not text.strip():
        return
    if importlib.util.find_spec("textstat") is None:
        if not any(problem.file == STYLE_FILE for problem in problems):
            problems.warning(
                STYLE_FILE, 1, "reading grades are not checked", "install textstat: pip install -e '.[check]'"
            )
        return
    import textstat

    grade = float(textstat.flesch_kincaid_grade(plain_text(text)))
    if grade > style.grade:
        problems.warning(
            page.file, line, f"reading grade {grade:.1f}", f"shorten sentences and words to grade {style.grade:g}"
        )


def _check_reference(reference: Reference, style: ReferenceStyle, problems: Problems) -> None:
    file, line = reference.file, reference.first_line
    if not reference.checked:
        problems.warning(file, line, f"{reference.url} was not checked", "look it up, and say where in `checked:`")
    if not reference.authors or reference.year is None:
        problems.warning(file, line, f"{reference.url} lacks authors or year", "look them up")
    words = len(reference.summary.split())
    if style.words is not None and reference.summary and not style.words[0] <= words <= style.words[1]:
        problems.warning(file, line, f"a summary of {words} words", f"write {style.words[0]} to {style.words[1]}")
    match = _ARXIV_YEAR.match(reference.url)
    if match and reference.year is not None and reference.year != 2000 + int(match.group(1)):
        problems.warning(
            file, line, f"{reference.url} is of 20{match.group(1)}, not {reference.year}", "give the year of version 1"
        )
