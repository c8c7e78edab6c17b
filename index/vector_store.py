"""Where the vectors of generations are kept: in the folder of each, or on a server.

A generation's folder says itself where its vectors are, so that one built before the setting changed still serves.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.dense_index import DenseIndex

if TYPE_CHECKING:
    from index.embedding import Vectors

VECTORS = "vectors.faiss"
ELSEWHERE = "vectors.milvus.json"
"""Stands in a generation's folder in place of its vectors, and says where they are."""


class VectorStoreError(OSError):
    """Vectors that cannot be written or opened; the message says what to do."""


class VectorsAwayError(VectorStoreError):
    """What keeps the vectors does not answer just now."""


class VectorIndex(Protocol):
    """The unit vectors of one generation by position; safe to use from several threads at once."""

    away: bool
    """Whether the last search found that what keeps the vectors does not answer."""

    def __len__(self) -> int: ...

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        ...

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, NDArray[np.int64]]:
        """Return the cosines (q, k) and rows (q, k) of the nearest to each query (q, d), best first; -1 for none."""
        ...

    def similarities(self, queries: Vectors) -> Vectors:
        """Return the cosines (q, n) with every vector; 0 for those that are not among the best that were found.

        Raises:
            VectorsAwayError: what keeps them does not answer.
        """
        ...

    def vectors(self, rows: NDArray[np.int64]) -> Vectors:
        """Return the vectors (m, d) of rows (m,), as they are kept."""
        ...


class VectorStore(Protocol):
    """Where a build writes vectors to."""

    fewest_kept: int
    """How many generations must stay, so that what serves is there until the next one has taken over."""

    def write(
        self,
        folder: Path,
        vectors: Iterable[Vectors],
        count: int,
        dimension: int,
        *,
        threads: int,
        like: DenseIndex | None = None,
        changed: int = 0,
    ) -> VectorIndex:
        """Keep a generation's vectors, which come in chunks (m, d), and return them open.

        `like` and `changed` are an index of nearly the same vectors, and how many are in only one of the two; they
        are of use to what divides the vectors into lists itself.

        Raises:
            ValueError: a vector is not finite or not of that length, or more or fewer come than were announced.
            VectorStoreError: they cannot be kept.
        """
        ...

    def keeps(self, folder: Path) -> bool:
        """Say whether a generation's vectors are kept here, as its folder has it."""
        ...

    def intact(self, folder: Path) -> bool:
        """Say whether all of a generation's vectors are there; what its folder holds was checked before.

        Raises:
            VectorsAwayError: what keeps them does not answer.
        """
        ...


class InFolder:
    """Vectors in the generation's folder, searched in this process."""

    fewest_kept = 1

    def write(
        self,
        folder: Path,
        vectors: Iterable[Vectors],
        count: int,
        dimension: int,
        *,
        threads: int,
        like: DenseIndex | None = None,
        changed: int = 0,
    ) -> DenseIndex:
        """Build a FAISS index and write it to the folder."""
        index = DenseIndex.build(vectors, count, dimension, threads=threads, like=like, changed=changed)
        index.save(folder / VECTORS)
        return index

    def keeps(self, folder: Path) -> bool:
        """Say whether the folder holds vectors."""
        return not (folder / ELSEWHERE).exists()

    def intact(self, folder: Path) -> bool:
        """Say that they are: every file of the folder has a checksum."""
        return self.keeps(folder)


IN_FOLDER = InFolder()
"""What is used where nothing else is said."""


def open_vectors(folder: Path) -> VectorIndex:
    """Open the vectors of a generation whose files were checked, wherever they are; asks no server yet.

    Raises:
        VectorStoreError: they are on a server and the package that speaks to it is not installed.
        ValueError, OSError: a file is damaged.
    """
    if not (folder / ELSEWHERE).exists():
        return DenseIndex.load(folder / VECTORS)
    from index.milvus_store import open_collection

    return open_collection(folder / ELSEWHERE)


def drop_vectors(folder: Path) -> bool:
    """Drop what a folder's vectors occupy elsewhere, before it is deleted; say whether nothing is left there.

    Where this fails the folder should stay: it alone knows what is left to drop.
    """
    if not (folder / ELSEWHERE).exists():
        return True
    from index.milvus_store import drop_collection

    return drop_collection(folder / ELSEWHERE)
