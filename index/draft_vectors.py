"""Writing the vectors of the next generation: taken over where they are known, embedded where they are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from index.embedding import Embedded, SentenceTransformerEncoder, Vectors
from index.embedding_cache import EmbeddingCache, cache_key
from index.generation import SENTENCE_STARTS, SENTENCES
from index.previous import Previous, PreviousVectors
from index.vector_store import VectorIndex, VectorStore

if TYPE_CHECKING:
    from index.passages import Passage
    from index.recut import Cut

_CHUNK = 256
# The cache may hold this many times the library before what the library no longer uses is forgotten.
_CACHE_SLACK = 4

OnEmbedded = Callable[[int], None]
"""Told how many passages have their vectors."""


def write_vectors(
    draft: Path,
    cut: Cut,
    previous: Previous,
    encoder: SentenceTransformerEncoder,
    cache: EmbeddingCache,
    store: VectorStore,
    *,
    threads: int,
    on_embedded: OnEmbedded,
) -> tuple[int, VectorIndex]:
    """Write the vectors of passages, and of sentences as they come; return how many were embedded, and the index."""
    passages = cut.passages
    known = PreviousVectors.open(previous, len(passages)) if cut.unchanged else None
    rows_before = cut.rows_before if known else np.full(len(passages), -1, dtype=np.int64)
    source = _Source(passages, encoder, cache, on_embedded)
    starts = np.cumsum([0, *(len(passage.sentences) for passage in passages)], dtype=np.int64)
    np.save(draft / SENTENCE_STARTS, starts, allow_pickle=False)
    with (draft / SENTENCES).open("wb") as stream:
        _write_header(stream, (int(starts[-1]), encoder.dimension))

        def chunks() -> Iterator[Vectors]:
            for start in range(0, len(passages), _CHUNK):
                rows = np.arange(start, min(start + _CHUNK, len(passages)))
                before = rows_before[rows]
                vectors = np.empty((len(rows), encoder.dimension), dtype=np.float32)
                for first, last in _stretches(before >= 0):
                    if known is not None and before[first] >= 0:
                        vectors[first:last] = known.of_passages(before[first:last])
                        sentences = known.of_sentences(before[first:last])
                    else:
                        embedded = source.vectors(rows[first:last])
                        vectors[first:last] = [item.vector for item in embedded]
                        sentences = [item.sentences.astype(np.float16) for item in embedded]
                    for some in sentences:
                        stream.write(some.tobytes())
                on_embedded(int(rows[-1]) + 1)
                yield vectors

        index = store.write(
            draft,
            chunks(),
            len(passages),
            encoder.dimension,
            threads=threads,
            like=known.index if known else None,
            changed=len(cut.new) + len(previous.passages) - (len(passages) - len(cut.new)),
        )
    if source.embedded and len(cache) > _CACHE_SLACK * len(passages):
        cache.keep_only(source.key(row) for row in range(len(passages)))
    return source.embedded, index


@dataclass(slots=True)
class _Source:
    """Vectors out of the cache, or out of the model, and how many came out of that."""

    passages: Sequence[Passage]
    encoder: SentenceTransformerEncoder
    cache: EmbeddingCache
    on_embedded: OnEmbedded
    embedded: int = 0

    def key(self, row: int) -> bytes:
        return cache_key(self.encoder.checksum, *self.passages[row].embedding_text())

    def vectors(self, rows: NDArray[np.int64]) -> list[Embedded]:
        """Return the vectors of passages that follow each other."""
        texts = [self.passages[row].embedding_text() for row in rows.tolist()]
        keys = [cache_key(self.encoder.checksum, words, spans) for words, spans in texts]
        found = self.cache.get(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if missing:
            done = int(rows[0]) + len(found)
            vectors = self.encoder.encode_passages(
                list(missing.values()), on_encoded=lambda count: self.on_embedded(done + count)
            )
            fresh = list(zip(missing, vectors, strict=True))
            self.cache.put(fresh)
            found.update(fresh)
            self.embedded += len(fresh)
        return [found[key] for key in keys]


def _stretches(flags: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield where each run of equal flags begins and ends."""
    ends = np.flatnonzero(flags[1:] != flags[:-1]) + 1
    yield from zip([0, *ends.tolist()], [*ends.tolist(), len(flags)], strict=True)


def _write_header(stream: BinaryIO, shape: tuple[int, int]) -> None:
    """Begin a NumPy file whose rows are written one after another."""
    header = {"descr": np.lib.format.dtype_to_descr(np.dtype(np.float16)), "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, header)
