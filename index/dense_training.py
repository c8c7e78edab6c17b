"""Dividing many vectors into lists, and finding out how many lists a search must read to miss next to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

TARGET_RECALL = 0.98
"""The share of the truly nearest 20 that a search must find."""
# Below this many vectors there is nothing to divide.
_FEWEST = 1_000
_MOST_LISTS, _FEWEST_A_LIST = 4096, 80
_TRAINED_A_LIST, _ROUNDS = 40, 10
_CHUNK = 8192
_NEAREST, _SAMPLE = 20, 600
_PROBES = (4, *range(8, 33, 8), *range(48, 193, 16), 224, 256, 320, 384, 512, 768, 1024, 2048, 4096)
# With four times as many, passages find each other, and the questions of readers miss one in fifty.
_REFINED = (8, 16)
# Fetching one vector to compare it takes as long as reading so many codes.
_CODES_A_VECTOR = 65
# Questions are further from passages than passages are from each other: among a million, real ones found .91 of
# their nearest where passages found .99. A passage moved by this much finds somewhat fewer than real ones do (.982
# where they found .987), so that this errs on the safe side.
_AS_QUESTIONS = 0.85
# Two ways of computing the same cosine differ by less.
_SAME_SCORE = 1e-5


@dataclass(frozen=True, slots=True)
class Inverted:
    """A FAISS index that reads `probes` of its `lists`, and the recall measured with that.

    Attributes:
        index: finds candidates by codes of four bits for each two values of what sets a vector apart from the
            middle of its list, and compares `refined` times as many as asked for in half precision.
        recall: the share of the truly nearest 20 that was found, on a sample of the vectors themselves or on
            one of vectors as far off as questions are, whichever is lower.
        lists: how many lists there are.
        probes: how many a search reads.
        refined: how many times as many candidates are compared.
    """

    index: Any
    recall: float
    lists: int
    probes: int
    refined: int


def train_inverted(store: Any, target: float = TARGET_RECALL) -> Inverted | None:
    """Divide the vectors of a FAISS index into lists, and choose the fewest probes that reach the target.

    Beside the vectors themselves this holds a sample of at most 164,000 and chunks of 8,192.

    Args:
        store: the vectors, in an index that can give them back; it becomes part of the result.
        target: the recall to reach, with a standard error to spare.

    Returns:
        None where no number of probes reaches the target, or there are too few vectors to divide.
    """
    import faiss

    if store.ntotal < _FEWEST:
        return None
    lists = _lists_for(store.ntotal)
    codes: Any = faiss.index_factory(store.d, f"IVF{lists},PQ{_parts(store.d)}x4fsr", faiss.METRIC_INNER_PRODUCT)
    codes.cp.niter, codes.cp.max_points_per_centroid, codes.cp.min_points_per_centroid = _ROUNDS, _TRAINED_A_LIST, 1
    random = np.random.default_rng(0)
    codes.train(_some(store, random, _TRAINED_A_LIST * lists))
    _add(codes, store)
    index = faiss.IndexRefine(codes, store)
    passages = _some(store, random, _SAMPLE)
    samples = [_Sample.of(store, passages), _Sample.of(store, _moved(passages, random))]
    for probes, refined in _by_cost(store.ntotal, lists):
        measured = [sample.recall(index, probes, refined) for sample in samples]
        if all(recall - spare >= target for recall, spare in measured):
            return Inverted(index, min(recall for recall, _ in measured), lists, probes, refined)
    return None


def refill(store: Any, trained: Any) -> Any:
    """Return an index of the vectors in a store, divided into the lists of another, which is left as it is."""
    import faiss

    codes = faiss.clone_index(faiss.downcast_index(trained.base_index))
    codes.reset()
    _add(codes, store)
    return faiss.IndexRefine(codes, store)


def search_parameters(probes: int, refined: int) -> Any:
    """Return what FAISS must be told with each search of an inverted index."""
    import faiss

    library: Any = faiss  # its own types do not know these arguments
    probing = library.SearchParametersIVF(nprobe=probes)
    return library.IndexRefineSearchParameters(k_factor=refined, base_index_params=probing)


@dataclass(frozen=True, slots=True)
class _Sample:
    """Queries (q, d), and the cosine (q,) of the last vector that each must find."""

    queries: NDArray[np.float32]
    last: NDArray[np.float32]

    @classmethod
    def of(cls, store: Any, queries: NDArray[np.float32]) -> _Sample:
        return cls(queries, _nearest_scores(store, queries)[:, _NEAREST])

    def recall(self, index: Any, probes: int, refined: int) -> tuple[float, float]:
        """Return the share found of the nearest, without the very nearest, and the standard error of it.

        The very nearest is the query itself where it is one of the vectors. Counted by score, not by row: which
        of several equal vectors is found does not matter.
        """
        parameters = search_parameters(probes, refined)
        scores, _ = index.search(self.queries, _NEAREST + 1, params=parameters)
        shares = ((scores >= self.last[:, None] - _SAME_SCORE).sum(axis=1).clip(1) - 1) / _NEAREST
        return float(shares.mean()), float(shares.std()) / len(shares) ** 0.5


def _add(codes: Any, store: Any) -> None:
    for start in range(0, store.ntotal, _CHUNK):
        codes.add(store.reconstruct_n(start, min(_CHUNK, store.ntotal - start)))


def _by_cost(count: int, lists: int) -> list[tuple[int, int]]:
    """Return how many lists to read and how many candidates to compare, the quickest first."""
    choices = [(probes, refined) for probes in (*_PROBES, lists) if probes <= lists for refined in _REFINED]
    return sorted(set(choices), key=lambda choice: choice[0] * count / lists + choice[1] * _NEAREST * _CODES_A_VECTOR)


def _moved(vectors: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """Return the vectors moved in the directions in which others differ."""
    differences = vectors[random.permutation(len(vectors))] - vectors[random.permutation(len(vectors))]
    lengths = np.linalg.norm(differences, axis=1, keepdims=True)
    moved = vectors + _AS_QUESTIONS * differences / np.maximum(lengths, 1e-9)
    unit: NDArray[np.float32] = (moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)).astype("f4")
    return unit


def _lists_for(count: int) -> int:
    return max(1, int(min(4 * count**0.5, count / _FEWEST_A_LIST, _MOST_LISTS)))


def _parts(dimension: int) -> int:
    return dimension // 2 if dimension % 2 == 0 else dimension


def _some(store: Any, random: np.random.Generator, most: int) -> NDArray[np.float32]:
    rows = np.sort(random.choice(store.ntotal, min(most, store.ntotal), replace=False))
    some: NDArray[np.float32] = store.reconstruct_batch(rows)
    return some


def _nearest_scores(store: Any, queries: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the cosines of the truly nearest vectors to each query, itself first, best first."""
    import faiss

    nearest = faiss.ResultHeap(len(queries), _NEAREST + 1, keep_max=True)
    for start in range(0, store.ntotal, _CHUNK):
        some = store.reconstruct_n(start, min(_CHUNK, store.ntotal - start))
        scores, rows = faiss.knn(queries, some, min(_NEAREST + 1, len(some)), faiss.METRIC_INNER_PRODUCT)
        nearest.add_result(scores, rows + start)
    nearest.finalize()
    best: NDArray[np.float32] = nearest.D
    return best
