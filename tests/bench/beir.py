"""Reading a test collection in the BEIR layout: `corpus.jsonl`, `queries.jsonl` and `qrels/<split>.tsv`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Judgements = dict[str, dict[str, int]]
"""How relevant documents are, by query and document id; what is not listed is not relevant."""


class BeirError(Exception):
    """A folder that is no usable test collection; the message says which file and line, and what is wrong."""


class _Line(BaseModel):
    # Collections carry more fields than these; they are for other uses.
    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str = Field(alias="_id")
    title: str | None = None
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the collection; the title may be empty."""

    id: str
    title: str
    text: str

    @property
    def full_text(self) -> str:
        """Title and text in one, as every system of the comparison gets it."""
        return f"{self.title} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class BeirCollection:
    """A collection with the queries of one split.

    Attributes:
        documents: in the order of the file.
        queries: those with at least one relevant document, by id, in the order of the file.
    """

    name: str
    documents: tuple[Document, ...]
    queries: dict[str, str]
    judgements: Judgements


def read_beir(folder: Path, split: str = "test") -> BeirCollection:
    """Read a collection.

    Raises:
        BeirError: a file is missing or cannot be read, an id appears twice, or a judgement names nothing known.
    """
    documents: dict[str, Document] = {}
    for where, line in _lines(folder / "corpus.jsonl"):
        if line.id in documents:
            raise BeirError(f"{where}: the document `{line.id}` appears twice")
        documents[line.id] = Document(line.id, (line.title or "").strip(), line.text.strip())
    queries: dict[str, str] = {}
    for where, line in _lines(folder / "queries.jsonl"):
        if line.id in queries:
            raise BeirError(f"{where}: the query `{line.id}` appears twice")
        queries[line.id] = line.text
    judgements: Judgements = {}
    for where, query, document, grade in _judgements(folder / "qrels" / f"{split}.tsv"):
        if query not in queries or document not in documents:
            unknown = f"query `{query}`" if query not in queries else f"document `{document}`"
            raise BeirError(f"{where}: the {unknown} is not in the collection")
        if grade > 0:
            judgements.setdefault(query, {})[document] = grade
    if not judgements:
        raise BeirError(f"{folder / 'qrels' / f'{split}.tsv'}: names no relevant document")
    asked = {key: text for key, text in queries.items() if key in judgements}
    return BeirCollection(folder.resolve().name, tuple(documents.values()), asked, judgements)


def _lines(file: Path) -> Iterator[tuple[str, _Line]]:
    for number, line in enumerate(_read(file).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{file}:{number}"
        try:
            yield where, _Line.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise BeirError(f"{where}: {field + ': ' if field else ''}{first['msg']}") from error


def _judgements(file: Path) -> Iterator[tuple[str, str, str, int]]:
    for number, row in enumerate(csv.reader(_read(file).splitlines(), delimiter="\t"), start=1):
        if not row or (number == 1 and row[-1].strip() == "score"):
            continue
        where = f"{file}:{number}"
        try:
            query, document, grade = (cell.strip() for cell in row)
            yield where, query, document, int(grade)
        except ValueError as error:
            raise BeirError(f"{where}: expected query id, document id and a whole number, with tabs between") from error


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BeirError(f"{file}: cannot be read ({error}); give a folder in the BEIR layout") from error
