"""The generation that serves, as far as the next build can take over what it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.built_pages import BUILT_PAGES, BuiltPage
from index.code_digest import code_digest
from index.dense_index import DenseIndex
from index.dense_summary import DenseForm, form_for
from index.embedding import Vectors
from index.generation import (
    CONCEPT_LIST,
    CONCEPTS,
    PAGES,
    PASSAGE_LIST,
    PASSAGES,
    SENTENCE_STARTS,
    SENTENCES,
    Concept,
    GenerationError,
    Manifest,
    mapped,
    verify_files,
)
from index.generation_store import GenerationStore
from index.passages import Passage
from index.vector_store import IN_FOLDER, VECTORS
from index.word_rows import WordRows


@dataclass(frozen=True, slots=True)
class Previous:
    """What served until now.

    Attributes:
        name: the generation; None where there is none that can be read.
        manifest: None unless every file is as it was written: a damaged generation is compared with, not built on.
        passages: in the order of their rows.
        concepts: by language and slug.
        pages: by their digest; none where other code read them.
    """

    name: str | None = None
    folder: Path = Path()
    manifest: Manifest | None = None
    passages: list[Passage] = field(default_factory=list)
    concepts: dict[tuple[str, str], Concept] = field(default_factory=dict)
    pages: dict[str, BuiltPage] = field(default_factory=dict)


def read_previous(store: GenerationStore) -> Previous:
    """Read the generation that serves."""
    name = store.current_name()
    if name is None:
        return Previous()
    folder = store.folder / name
    try:
        manifest = store.manifest(name)
        passages = PASSAGE_LIST.validate_json((folder / PASSAGES).read_bytes())
        concepts = CONCEPT_LIST.validate_json((folder / CONCEPTS).read_bytes())
    except (GenerationError, OSError, ValueError):
        return Previous()
    by_key = {(concept.lang, concept.slug): concept for concept in concepts}
    try:
        verify_files(folder, manifest)
        built = BUILT_PAGES.validate_json((folder / PAGES).read_bytes())
    except (GenerationError, OSError, ValueError):
        return Previous(name, folder, None, passages, by_key)
    pages = built.pages if built.code == code_digest() else []
    return Previous(name, folder, manifest, passages, by_key, {page.digest: page for page in pages})


@dataclass(frozen=True, slots=True)
class PreviousVectors:
    """The vectors of passages and sentences as they were, by row."""

    index: DenseIndex
    sentences: NDArray[np.float16]
    starts: NDArray[np.int64]

    @classmethod
    def open(cls, previous: Previous, count: int) -> PreviousVectors | None:
        """Open them for the next generation of so many passages; None where they are not precise enough for it.

        Nor where a server keeps them: the embedding cache has them nearer, and in full precision.
        """
        folder = previous.folder
        if not IN_FOLDER.keeps(folder):
            return None
        index = DenseIndex.load(folder / VECTORS)
        if form_for(count) is DenseForm.EXACT and index.summary.form is not DenseForm.EXACT:
            return None
        starts: NDArray[np.int64] = np.load(folder / SENTENCE_STARTS, allow_pickle=False)
        return cls(index, mapped(folder / SENTENCES), starts)

    def of_passages(self, rows: NDArray[np.int64]) -> Vectors:
        """Return the vectors (m, d) of passages."""
        return self.index.vectors(rows)

    def of_sentences(self, rows: NDArray[np.int64]) -> list[NDArray[np.float16]]:
        """Return the vectors of the sentences of passages, in pieces of whole runs of rows."""
        ends = np.flatnonzero(np.diff(rows) != 1)
        firsts, lasts = rows[[0, *(ends + 1)]], rows[[*ends, -1]]
        return [
            self.sentences[self.starts[first] : self.starts[last + 1]]
            for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True)
        ]


def previous_words(previous: Previous) -> WordRows:
    """Return the words of the passages as they were, by row."""
    return WordRows.load(previous.folder)
