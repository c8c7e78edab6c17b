"""An encoder without a model, for tests of everything around the model: the same interface, hashed words."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from index.embedding import Embedded, ModelFiles, Vectors
from index.lexical import terms
from index.model_export import ExportError
from index.sentences import Span

DIMENSION = 64
LIGHT_MODEL = ModelFiles("light", Path(), "light")


class LightEncoder:
    """Texts with common words get near vectors; nothing else is promised."""

    def __init__(self, checksum: str = "light", window: int = 256) -> None:
        self.checksum = checksum
        self.window = window
        self.dimension = DIMENSION
        self.encoded: list[str] = []

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def encode_query(self, query: str) -> Vectors:
        vector = np.zeros(DIMENSION, dtype=np.float32)
        for term in terms(query):
            vector[int.from_bytes(hashlib.sha256(term.encode()).digest()[:4], "big") % DIMENSION] += 1
        length = float(np.linalg.norm(vector))
        return vector / length if length else np.full(DIMENSION, DIMENSION**-0.5, dtype=np.float32)

    def encode_queries(self, queries: Sequence[str]) -> Vectors:
        return np.array([self.encode_query(query) for query in queries], dtype=np.float32).reshape(-1, DIMENSION)

    @property
    def model(self) -> object:
        raise ExportError("it has no model to export")

    def encode_passages(
        self,
        passages: Sequence[tuple[str, Sequence[Span]]],
        *,
        batch_size: int = 32,
        on_encoded: Callable[[int], None] = lambda _: None,
    ) -> list[Embedded]:
        done = []
        for text, spans in passages:
            self.encoded.append(text)
            vectors = [self.encode_query(text[start:end]) for start, end in spans]
            done.append(Embedded(self.encode_query(text), np.array(vectors, dtype=np.float32).reshape(-1, DIMENSION)))
            on_encoded(len(done))
        return done
