"""Summaries of the works that pages cite, keyed by address."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from index.problems import Problems
from index.urls import canonical_url, is_web_url
from index.yaml_nodes import Entry, YamlError, read_mapping

MAX_REFERENCES_BYTES = 500_000
_FIELDS = ("title", "authors", "year", "kind", "summary", "checked")


class ReferenceKind(StrEnum):
    """What sort of work a reference is."""

    PAPER = "paper"
    POST = "post"
    VIDEO = "video"
    BOOK = "book"
    COURSE = "course"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Reference:
    """A work: what it is, what it says in the library's own words, and how that was checked."""

    url: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    kind: ReferenceKind
    summary: str
    checked: str | None
    file: str
    first_line: int
    last_line: int


def read_references(data: bytes, *, file: str, problems: Problems) -> list[Reference]:
    """Read one file of references; what cannot be used is reported and left out, the rest is kept."""
    if len(data) > MAX_REFERENCES_BYTES:
        problems.error(
            file,
            1,
            f"the file has {len(data):,} bytes",
            f"split it; a file has at most {MAX_REFERENCES_BYTES:,}",
        )
        return []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.error(file, line, "the file is not UTF-8 text", "save it as UTF-8")
        return []
    try:
        entries = read_mapping(text.replace("\r\n", "\n"))
    except YamlError as error:
        problems.error(file, error.line, f"not valid YAML: {error}", "mend this line; quote titles with a colon")
        return []
    ends = [*(entry.line - 1 for entry in entries[1:]), text.rstrip().count("\n") + 1]
    found: list[Reference] = []
    for entry, end in zip(entries, ends, strict=False):
        try:
            reference = _reference(entry, end, file, problems)
        except YamlError as error:
            problems.error(file, error.line, str(error), "mend this line")
            continue
        if reference is not None:
            found.append(reference)
    return found


def by_canonical_url(references: list[Reference], problems: Problems) -> dict[str, Reference]:
    """Key references by the one spelling of their address; of two for the same page the first is kept."""
    kept: dict[str, Reference] = {}
    for reference in references:
        key = canonical_url(reference.url)
        if first := kept.get(key):
            problems.error(
                reference.file,
                reference.first_line,
                f"{reference.url} is summarised again (first in {first.file}:{first.first_line})",
                "keep one entry",
            )
        else:
            kept[key] = reference
    return kept


def _reference(entry: Entry, end: int, file: str, problems: Problems) -> Reference | None:
    if not is_web_url(entry.key):
        problems.error(file, entry.line, f"`{entry.key[:80]}` is not a web address", "key each work by its http(s) URL")
        return None
    fields = entry.entries()
    if fields is None:
        problems.error(file, entry.line, f"{entry.key} has no fields", "add title, authors, year, kind and summary")
        return None
    by_key = {field.key.casefold(): field for field in fields}
    for key, field in by_key.items():
        if key not in _FIELDS:
            problems.warning(file, field.line, f"unknown field `{key}`", f"use one of {', '.join(_FIELDS)}")
    texts = {key: field.text() for key, field in by_key.items()}
    title, summary = texts.get("title"), texts.get("summary")
    if not title:
        problems.error(file, entry.line, f"{entry.key} has no title", "add `title:`")
        return None
    if not summary:
        problems.warning(file, entry.line, f"{entry.key} has no summary", "add two to five sentences as `summary:`")
    kind_text = (texts.get("kind") or "page").casefold()
    if kind_text not in set(ReferenceKind):
        problems.warning(
            file, by_key["kind"].line, f"unknown kind `{kind_text}`", f"use one of {', '.join(ReferenceKind)}"
        )
        kind_text = "page"
    return Reference(
        url=entry.key,
        title=title,
        authors=tuple(by_key["authors"].texts() or ()) if "authors" in by_key else (),
        year=_year(by_key.get("year"), file, problems),
        kind=ReferenceKind(kind_text),
        summary=summary or "",
        checked=texts.get("checked"),
        file=file,
        first_line=entry.line,
        last_line=max(entry.line, end),
    )


def _year(field: Entry | None, file: str, problems: Problems) -> int | None:
    if field is None:
        return None
    text = field.text() or ""
    if text.isascii() and text.isdigit() and len(text) == 4:  # noqa: PLR2004  # a year has four digits
        return int(text)
    problems.warning(file, field.line, f"year `{text[:20]}` is not a year", "write four digits")
    return None
