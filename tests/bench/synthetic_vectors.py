"""As many vectors as a benchmark wants, like those of the shipped library."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

_NEIGHBOURS = 50


class SyntheticVectors:
    """Draws unit vectors from a library that goes on between and around the real one's passages.

    Each is a random point between a real vector and one of its 50 nearest, moved by `noise` (a length, beside
    the vector's own of 1) in the direction in which two other real vectors differ. So there are no separate
    clusters, an inverted list holds no passage's whole neighbourhood, and the noise has the shape of the real
    vectors rather than that of a ball. At noise 0.5 to 0.7, 15,000 of these are as far from their nearest as the
    15,000 real ones are (cosine .70 to .60 to the nearest, .46 to .42 to the twentieth; real .61 and .45).
    """

    def __init__(self, real: Vectors, noise: float, seed: int) -> None:
        """Prepare to draw; equal arguments give equal vectors."""
        import faiss

        self._real, self._noise, self._random = real, noise, np.random.default_rng(seed)
        _, rows = faiss.knn(real, real, min(_NEIGHBOURS + 1, len(real)), faiss.METRIC_INNER_PRODUCT)
        self._near = rows[:, 1:]

    def draw(self, count: int) -> Vectors:
        """Return the next vectors (count, d)."""
        real, random = self._real, self._random
        first = random.integers(0, len(real), count)
        second = self._near[first, random.integers(0, self._near.shape[1], count)]
        share = random.random((count, 1), dtype=np.float32)
        between = _unit(real[first] * (1 - share) + real[second] * share)
        one, other = random.integers(0, len(real), (2, count))
        return _unit(between + self._noise * _unit(real[one] - real[other]))


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
