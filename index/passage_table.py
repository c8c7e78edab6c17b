"""The file of passages: opened without reading them, and each read when somebody looks at it."""

from __future__ import annotations

import json
import mmap
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from index.levels import Level
from index.passages import Passage, PassageKind

_FIELDS = tuple(field.name for field in fields(Passage))
_KINDS = tuple(PassageKind)
# What is shown is shown again and again; some megabytes at most.
_KEPT = 4096


class PassageTable(Sequence[Passage]):
    """Passages by their position, from the bytes that `PassageFormat` made of them.

    Attributes:
        slugs: the concepts that passages belong to, each once.
        concepts: (n,) the place of each passage's concept in `slugs`.
        asked: (n,) whether it is a question, which is searched and never shown.
        sentences: how many sentences all of them have.
    """

    def __init__(self, data: bytes | mmap.mmap) -> None:
        """Read the first line, which says what the others hold.

        Raises:
            ValueError: it is not what `PassageFormat` writes.
        """
        self._data = data
        end = data.find(b"\n")
        try:
            head = json.loads(data[: max(end, 0)])
            self.slugs: tuple[str, ...] = tuple(head["slugs"])
            self.concepts: NDArray[np.int32] = np.array(head["concepts"], dtype=np.int32)
            kinds = np.array(head["kinds"], dtype=np.int8)
            self._ends: NDArray[np.int64] = end + 1 + np.cumsum(np.array(head["lengths"], dtype=np.int64))
            self.sentences = int(head["sentences"])
        except (KeyError, TypeError, OverflowError) as error:
            raise ValueError("the list of passages does not begin with what they are") from error
        whole = end + 1 if not len(self._ends) else int(self._ends[-1])
        if not len(self.concepts) == len(kinds) == len(self._ends) or whole != len(data):
            raise ValueError("the list of passages is not as long as it says")
        self.asked: NDArray[np.bool_] = kinds == _KINDS.index(PassageKind.QUESTION)
        self._first, self._count = end + 1, len(kinds)
        self._known = lru_cache(_KEPT)(self._read)

    @classmethod
    def open(cls, file: Path) -> PassageTable:
        """Map a file into memory, so that only the passages that are looked at are ever read.

        Raises:
            OSError: it cannot be read.
            ValueError: it is not what `PassageFormat` writes.
        """
        with file.open("rb") as stream:
            return cls(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, row: int) -> Passage: ...

    @overload
    def __getitem__(self, row: slice) -> list[Passage]: ...

    def __getitem__(self, row: int | slice) -> Passage | list[Passage]:
        if isinstance(row, slice):
            return [self._known(number) for number in range(*row.indices(len(self)))]
        if not -self._count <= row < self._count:
            raise IndexError(f"there is no passage {row} among {self._count}")
        return self._known(row if row >= 0 else row + self._count)

    def __iter__(self) -> Iterator[Passage]:
        return map(self._read, range(len(self)))  # not kept: whoever reads all of them reads them once

    def _read(self, row: int) -> Passage:
        start = self._first if row == 0 else int(self._ends[row - 1])
        try:
            values: dict[str, Any] = dict(zip(_FIELDS, json.loads(self._data[start : self._ends[row]]), strict=True))
            values["level"] = Level(values["level"]) if values["level"] is not None else None
            values["kind"] = PassageKind(values["kind"])
            values["sentences"] = tuple((int(begin), int(end)) for begin, end in values["sentences"])
        except TypeError as error:
            raise ValueError(f"passage {row} is not one") from error
        return Passage(**values)


class PassageFormat:
    """Passages as bytes: a line that says what they are, then one of them a line, its fields in order."""

    def write(self, file: Path, passages: Sequence[Passage]) -> None:
        """Write passages one by one: all at once they take as much memory again."""
        with tempfile.TemporaryFile(dir=file.parent) as lines:
            lengths = [lines.write(_line(passage)) for passage in passages]
            lines.seek(0)
            with file.open("wb") as stream:
                stream.write(_head(passages, lengths))
                shutil.copyfileobj(lines, stream)

    def dump_json(self, passages: Sequence[Passage]) -> bytes:
        """Return passages as bytes."""
        lines = [_line(passage) for passage in passages]
        return b"".join([_head(passages, [len(line) for line in lines]), *lines])

    def validate_json(self, data: bytes) -> list[Passage]:
        """Return the passages that `dump_json` made bytes of.

        Raises:
            ValueError: they are not.
        """
        return list(PassageTable(data))


def _line(passage: Passage) -> bytes:
    values = [getattr(passage, name) for name in _FIELDS]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _head(passages: Sequence[Passage], lengths: list[int]) -> bytes:
    """Return the line that says what the others hold."""
    slugs = list(dict.fromkeys(passage.slug for passage in passages))
    place = {slug: number for number, slug in enumerate(slugs)}
    head = {
        "slugs": slugs,
        "concepts": [place[passage.slug] for passage in passages],
        "kinds": [_KINDS.index(passage.kind) for passage in passages],
        "lengths": lengths,
        "sentences": sum(len(passage.sentences) for passage in passages),
    }
    return json.dumps(head, separators=(",", ":")).encode() + b"\n"
