"""Cutting a library into passages, taking those of unchanged pages from the generation before."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.built_pages import BuiltPage, CutDigests
from index.library import Library, with_prose
from index.passages import Passage, asked_by_page, cut_page, outside_passages
from index.pieces import CountTokens
from index.previous import Previous

_NEW = -1
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Cut:
    """A library's passages.

    Attributes:
        library: the library, with the prose of all pages that were cut now.
        passages: all of them, in order.
        rows_before: (n,) the row that each passage had in the generation before; -1 for one that was cut now.
        pages: what to remember of each page file.
        unchanged: the pages whose passages were taken over.
    """

    library: Library
    passages: list[Passage]
    rows_before: NDArray[np.int64]
    pages: list[BuiltPage]
    unchanged: frozenset[_Key]

    @property
    def new(self) -> NDArray[np.int64]:
        """The rows of the passages that were cut now."""
        return np.flatnonzero(self.rows_before == _NEW)


def recut(library: Library, previous: Previous, *, model_checksum: str, count_tokens: CountTokens, window: int) -> Cut:
    """Cut a library, page by page in the order of `cut_library`."""
    asked = asked_by_page(library)
    digests = CutDigests(library, model_checksum, window)
    cuts: dict[_Key, str] = {}
    before: dict[_Key, BuiltPage] = {}
    for key, page in library.pages.items():
        digest = library.read[page.file].digest
        cuts[key] = digests.of(page, digest, asked.get(key, ()))
        known = previous.pages.get(digest)
        if known is not None and known.cut == cuts[key]:
            before[key] = known
    whole = with_prose(library, library.pages.keys() - before.keys())
    if whole.content_hash != library.content_hash:  # a page was changed after it was read
        return recut(whole, previous, model_checksum=model_checksum, count_tokens=count_tokens, window=window)
    passages: list[Passage] = []
    rows: list[NDArray[np.int64]] = []
    pages = {file: replace(built, cut="", first=0, last=0) for file, built in library.read.items()}
    for key, page in sorted(whole.pages.items()):
        first = len(passages)
        if known := before.get(key):
            passages += previous.passages[known.first : known.last]
            rows.append(np.arange(known.first, known.last))
        else:
            passages += cut_page(page, whole, asked.get(key, ()), count_tokens=count_tokens, window=window)
            rows.append(np.full(len(passages) - first, _NEW))
        pages[page.file] = replace(pages[page.file], cut=cuts[key], first=first, last=len(passages))
    outside = list(outside_passages(whole))
    rows.append(np.full(len(outside), _NEW))
    return Cut(
        library=whole,
        passages=[*passages, *outside],
        rows_before=np.concatenate(rows).astype(np.int64),
        pages=list(pages.values()),
        unchanged=frozenset(before),
    )
