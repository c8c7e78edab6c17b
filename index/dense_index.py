"""Finding passages by their vectors: every one compared while that is quick, the likely ones once it is not."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.byte_vectors import ByteVectors, write_bytes
from index.dense_summary import DenseForm, DenseSummary, form_for
from index.dense_training import TARGET_RECALL, Inverted, refill, search_parameters, train_inverted

if TYPE_CHECKING:
    from index.embedding import Vectors

_log = logging.getLogger(__name__)
Rows = NDArray[np.int64]
Scores = NDArray[np.float32]

CANDIDATES = 2_000
"""How many of the nearest passages `similarities` knows of where it does not compare all."""
# So many of a library may come or go before it is divided into lists anew.
_MOST_CHANGED = 0.1
# Passages compared with several questions while they are in the processor's cache.
_BLOCK = 1024
_MISSING = -1


class DenseIndex:
    """Unit vectors by their position; searched from any number of threads at once, each on one core."""

    away = False  # it is in this process

    def __init__(self, index: Any, summary: DenseSummary, in_bytes: ByteVectors | None = None) -> None:
        """Wrap a FAISS index, and what compares all its vectors faster; use `build` or `load`."""
        self._index = index
        self._in_bytes = in_bytes
        self.summary = summary

    @classmethod
    def build(
        cls,
        vectors: Iterable[Vectors],
        count: int,
        dimension: int,
        *,
        choose: Callable[[int], DenseForm] = form_for,
        target_recall: float = TARGET_RECALL,
        threads: int = 1,
        like: DenseIndex | None = None,
        changed: int = 0,
    ) -> DenseIndex:
        """Build from unit vectors that come in chunks, holding no more of them than the index itself keeps.

        Training and measuring read the vectors back from the index, in half precision.

        Args:
            vectors: chunks (m, d), in the order of their rows.
            count: how many vectors will come.
            dimension: their length d.
            choose: the form for a number of vectors.
            target_recall: what the inverted form must reach on the vectors themselves to be used.
            threads: how many threads FAISS builds with.
            like: an index of nearly the same vectors, whose lists are used again while hardly any came or went.
            changed: how many vectors are not in that one, or only in that one.

        Raises:
            ValueError: a vector is not finite or not of that length, or more or fewer come than were announced.
        """
        import faiss

        form = choose(count)
        index = faiss.IndexFlatIP(dimension) if form is DenseForm.EXACT else _half_precision(dimension)
        for chunk in vectors:
            with _threads(threads):
                index.add(checked(chunk, dimension))
        if index.ntotal != count:
            raise ValueError(f"{index.ntotal} vectors came where {count} were announced")
        if form is DenseForm.EXACT:
            return cls(index, DenseSummary(form))
        with _threads(threads):
            if form is DenseForm.INVERTED and like is not None and (again := like.refilled(index, changed)):
                return again
            inverted = train_inverted(index, target_recall) if form is DenseForm.INVERTED else None
        if inverted is None:
            return cls(index, DenseSummary(DenseForm.HALF))
        return cls(inverted.index, _summary(inverted))

    def refilled(self, store: Any, changed: int) -> DenseIndex | None:
        """Return an index of the vectors in a FAISS index, in these lists; None where they do not suit it any more.

        Where lists did not find the same passages not long ago, none are made again.
        """
        changed += self.summary.changed
        if self.dimension != store.d or changed > _MOST_CHANGED * store.ntotal:
            return None
        summary = replace(self.summary, changed=changed)
        match self.summary.form:
            case DenseForm.INVERTED:
                return DenseIndex(refill(store, self._index), summary)
            case DenseForm.HALF:
                return DenseIndex(store, summary)
            case DenseForm.EXACT:
                return None

    def save(self, path: Path) -> None:
        """Write the index to a file, and what it is to others beside it."""
        import faiss

        faiss.write_index(self._index, str(path))
        _summary_file(path).write_text(json.dumps(asdict(self.summary)), encoding="utf-8")
        if self.summary.form is DenseForm.EXACT and len(self):
            write_bytes(self._every_vector(), _bytes_file(path))

    @classmethod
    def load(cls, path: Path) -> DenseIndex:
        """Open an index that `save` wrote, mapped into memory, so that only what is searched is ever read.

        What compares all vectors in 8 bits is read whole, and they are read no more.

        Only for files that this installation wrote: a file made by a stranger can do harm.

        Raises:
            ValueError: the file does not hold what the one beside it says.
            OSError: a file cannot be read.
        """
        import faiss

        fields = json.loads(_summary_file(path).read_text(encoding="utf-8"))
        summary = DenseSummary(**{**fields, "form": DenseForm(fields["form"])})
        try:
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise ValueError(f"{path}: not a readable index ({error})") from error
        kept = {
            DenseForm.EXACT: faiss.IndexFlat,
            DenseForm.HALF: faiss.IndexScalarQuantizer,
            DenseForm.INVERTED: faiss.IndexRefine,
        }
        if not isinstance(index, kept[summary.form]):
            raise ValueError(  # noqa: TRY004  # the file is wrong, not the caller
                f"{path}: holds a {type(index).__name__}, which is not the {summary.form} form"
            )
        in_bytes = None
        if summary.form is DenseForm.EXACT and _bytes_file(path).exists():
            in_bytes = ByteVectors.load(_bytes_file(path), index.ntotal, index.d)
            if in_bytes is None:
                _log.info("this processor cannot compare vectors in 8 bits; they are compared in full precision")
        return cls(index, summary, in_bytes)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return int(self._index.d)

    @property
    def in_bytes(self) -> bool:
        """Whether `similarities` compares in 8 bits."""
        return self._in_bytes is not None

    def search(self, queries: Vectors, k: int) -> tuple[Scores, Rows]:
        """Return the cosines (q, k) and rows (q, k) of the nearest vectors to each query (q, d), best first.

        Where fewer are found the row is -1 and the cosine minus infinity.

        Raises:
            ValueError: a query is not finite or of another length, or k is below one.
        """
        queries = checked(queries, self.dimension)
        if k < 1:
            raise ValueError(f"{k} nearest vectors were asked for; ask for at least one")
        scores = np.full((len(queries), k), -np.inf, dtype=np.float32)
        rows = np.full((len(queries), k), _MISSING, dtype=np.int64)
        wanted = min(k, len(self))
        if wanted and len(queries):
            found, places = self._search(queries, wanted)
            valid = places >= 0
            scores[:, :wanted][valid] = found[valid]
            rows[:, :wanted] = places
        return scores, rows

    def similarities(self, queries: Vectors, *, candidates: int = CANDIDATES) -> Scores:
        """Return the cosine of each query (q, d) with every vector, (q, n).

        Where not all vectors are compared, those that are not among the best `candidates` found have 0.

        Raises:
            ValueError: a query is not finite or of another length.
        """
        queries = checked(queries, self.dimension)
        if self._in_bytes is not None and len(queries):
            return self._in_bytes.similarities(queries)
        if self.summary.form is DenseForm.EXACT:
            return self._all_similarities(queries)
        similarities = np.zeros((len(queries), len(self)), dtype=np.float32)
        scores, rows = self.search(queries, candidates)
        numbers, places = np.nonzero(rows >= 0)
        similarities[numbers, rows[numbers, places]] = scores[numbers, places]
        return similarities

    def vectors(self, rows: Rows) -> Vectors:
        """Return the vectors (m, d) of rows (m,), as they are kept.

        Raises:
            IndexError: there is no such row.
        """
        rows = np.asarray(rows, dtype=np.int64)
        if len(rows) and (int(rows.min()) < 0 or int(rows.max()) >= len(self)):
            raise IndexError(f"a row outside 0 to {len(self) - 1} was asked for")
        if not len(rows):
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.asarray(self._index.reconstruct_batch(rows), dtype=np.float32)

    def _search(self, queries: Vectors, k: int) -> tuple[Scores, Rows]:
        # Two threads on one question are slower than one, and far slower on a busy machine.
        with _threads(1):
            if self.summary.form is not DenseForm.INVERTED:
                return self._index.search(queries, k)  # type: ignore[no-any-return]  # FAISS has no types
            # Many candidates need no second look: whether one is the last of thousands or left out matters little.
            refined = self.summary.refined if k * self.summary.refined <= CANDIDATES else 1
            parameters = search_parameters(self.summary.probes, refined)
            return self._index.search(queries, k, params=parameters)  # type: ignore[no-any-return]  # FAISS has no types

    def _all_similarities(self, queries: Vectors) -> Scores:
        """Compare all vectors where they lie, without BLAS, whose threads fight over a busy machine."""
        import faiss

        library: Any = faiss  # its own types do not know all of it
        similarities = np.empty((len(queries), len(self)), dtype=np.float32)
        if not similarities.size:
            return similarities
        every = self._every_vector()
        block = len(self) if len(queries) == 1 else _BLOCK
        for start in range(0, len(self), block):
            some = every[start : start + block]
            for query, row in zip(queries, similarities, strict=True):
                library.fvec_inner_products_ny(
                    library.swig_ptr(row[start : start + len(some)]),
                    library.swig_ptr(query),
                    library.swig_ptr(some),
                    self.dimension,
                    len(some),
                )
        return similarities

    def _every_vector(self) -> Vectors:
        """Return all vectors (n, d) of the exact form where they lie."""
        import faiss

        library: Any = faiss  # its own types do not know all of it
        count = len(self) * self.dimension
        every: Vectors = library.rev_swig_ptr(self._index.get_xb(), count).reshape(len(self), self.dimension)
        return every


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """Let FAISS use so many threads; the setting is the calling thread's own, and torch's too."""
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(count)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def _half_precision(dimension: int) -> Any:
    import faiss

    return faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)


def checked(vectors: Vectors, dimension: int) -> Vectors:
    """Return vectors (m, d) as FAISS takes them.

    Raises:
        ValueError: one is not finite, or of another length.
    """
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    if vectors.ndim != 2 or vectors.shape[1] != dimension:  # noqa: PLR2004  # a row each
        raise ValueError(f"vectors of shape {vectors.shape} where (m, {dimension}) is needed")
    if not np.isfinite(vectors).all():
        raise ValueError("a vector holds a value that is not a finite number")
    return vectors


def _summary(inverted: Inverted) -> DenseSummary:
    return DenseSummary(
        DenseForm.INVERTED,
        recall=inverted.recall,
        lists=inverted.lists,
        probes=inverted.probes,
        refined=inverted.refined,
    )


def _summary_file(path: Path) -> Path:
    return path.with_suffix(".json")


def _bytes_file(path: Path) -> Path:
    return path.with_suffix(".onnx")
