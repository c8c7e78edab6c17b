"""Vectors of a collection's texts, kept on disk so that a second run is quick."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from index.embedding import Embedded, SentenceTransformerEncoder
from index.embedding_cache import EmbeddingCache, cache_key
from index.sentences import Span

EmbeddingText = tuple[str, Sequence[Span]]
"""A text with the spans of its sentences."""
_CHUNK = 1024


class VectorStore:
    """The encoder, and what it computed before."""

    def __init__(self, encoder: SentenceTransformerEncoder, path: Path) -> None:
        """Use a cache file, which is made where there is none."""
        self._encoder = encoder
        self._path = path

    def of(self, texts: Sequence[EmbeddingText]) -> list[Embedded]:
        """Return the vectors of texts, in order; says on standard error how far it is."""
        keys = [cache_key(self._encoder.checksum, text, spans) for text, spans in texts]
        with EmbeddingCache(self._path) as cache:
            known = cache.get(list(dict.fromkeys(keys)))
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            # Texts of like length come together, so that little is spent on padding.
            waiting = sorted(missing.items(), key=lambda item: len(item[1][0]))
            for start in range(0, len(waiting), _CHUNK):
                part = waiting[start : start + _CHUNK]
                fresh = list(
                    zip(
                        (key for key, _ in part),
                        self._encoder.encode_passages([text for _, text in part]),
                        strict=True,
                    )
                )
                cache.put(fresh)
                known.update(fresh)
                sys.stderr.write(f"embedded {start + len(part)} of {len(waiting)} texts\n")
        return [known[key] for key in keys]
