"""What is compared beside the peers: BM25 alone, vectors alone, ours, and ours with one stage changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from index.embedding import SentenceTransformerEncoder, Vectors
from index.lexical import terms
from index.passage_ranking import WEIGHTS, Evidence, Scores, Weights
from tests.bench.document_index import DocumentIndex
from tests.bench.scoring import DEPTH, Run

BM25, DENSE, OURS = "BM25", "all-MiniLM-L6-v2, cosine", "ours"
_RANK_CONSTANT = 60
_FEEDBACK_DOCUMENTS, _FEEDBACK_SHARE = 3, 0.2
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with everything that any system knows of the documents (n,) for it.

    Attributes:
        vector: the query's unit vector (d,).
        evidence: what ours gathers.
        whole: the cosine of each document's beginning, as much as the model reads, title first.
        milliseconds: how long each stage took.
    """

    vector: Vectors
    evidence: Evidence
    whole: Scores
    milliseconds: Mapping[str, float]


System = Callable[[Asked], Scores]
"""Scores of all documents (n,) for a query."""


def ask(query: str, encoder: SentenceTransformerEncoder, index: DocumentIndex, whole: Vectors) -> Asked:
    """Gather the evidence of one query, each stage with its time."""
    milliseconds: dict[str, float] = {}

    def timed(stage: str, work: Callable[[], _T]) -> _T:
        started = time.perf_counter()
        result = work()
        milliseconds[stage] = (time.perf_counter() - started) * 1000
        return result

    vector = timed("the question's vector", lambda: encoder.encode_query(query))
    beginnings = timed("cosine of beginnings", lambda: np.asarray(whole @ vector, dtype=np.float32))
    evidence = Evidence(
        meaning=timed("cosine of pieces", lambda: index.similarities(vector)),
        sentence=timed("cosine of sentences", lambda: index.best_sentences(vector)),
        lexical=timed("BM25", lambda: index.lexical.scores(terms(query))),
    )
    timed("fusion", evidence.scores)
    return Asked(vector, evidence, beginnings, milliseconds)


def systems() -> dict[str, System]:
    """Return what is compared with the peers."""
    return {
        BM25: lambda asked: asked.evidence.lexical,
        DENSE: lambda asked: asked.whole,
        OURS: lambda asked: asked.evidence.scores(),
    }


def variations(whole: Vectors) -> dict[str, System]:
    """Return parts of ours, and ours with one thing done otherwise.

    Args:
        whole: unit vectors (n, d) of the documents' beginnings, for feedback.
    """

    def weighted(meaning: float, sentence: float, lexical: float) -> System:
        return lambda asked: asked.evidence.scores(Weights(meaning, sentence, lexical))

    def with_meaning(meaning: Callable[[Asked], Scores]) -> System:
        return lambda asked: replace(asked.evidence, meaning=meaning(asked)).scores()

    def standardised(asked: Asked) -> Scores:
        meaning, lexical = ((part - part.mean()) / (part.std() + 1e-9) for part in _parts(asked))
        return np.asarray(0.7 * meaning + 0.3 * lexical, dtype=np.float32)

    def by_ranks(asked: Asked) -> Scores:
        return np.sum([1 / (_RANK_CONSTANT + _ranks(part)) for part in _parts(asked)], axis=0, dtype=np.float32)

    def after_feedback(asked: Asked) -> Scores:
        best = np.argsort(-asked.evidence.scores())[:_FEEDBACK_DOCUMENTS]
        moved = asked.vector + _FEEDBACK_SHARE * whole[best].mean(axis=0)
        return asked.evidence.meaning + np.asarray(whole @ (moved / np.linalg.norm(moved))) - asked.whole

    return {
        "best piece alone": weighted(1, 0, 0),
        "best sentence alone": weighted(0, 1, 0),
        "best piece and best sentence": weighted(0.5, 0.5, 0),
        "beginning and BM25": with_meaning(lambda asked: asked.whole),
        "best sentence and BM25": weighted(0, 1, WEIGHTS.lexical),
        "best piece, best sentence and BM25": weighted(0.5, 0.5, WEIGHTS.lexical),
        "ours, BM25 weighs 0.25": weighted(1, 0, 0.25),
        "ours, BM25 weighs 0.5": weighted(1, 0, 0.5),
        "ours, standard scores 0.7 and 0.3": standardised,
        "ours, reciprocal ranks": by_ranks,
        "ours, feedback from the first three": with_meaning(after_feedback),
    }


def run_system(system: System, asked: Mapping[str, Asked], ids: Sequence[str]) -> Run:
    """Return the best documents of every query."""
    run: Run = {}
    for query, item in asked.items():
        scores = system(item)
        best = np.argsort(-scores, kind="stable")[:DEPTH]
        run[query] = {ids[row]: float(scores[row]) for row in best if scores[row] != 0}
    return run


def _ranks(scores: Scores) -> Scores:
    ranks = np.empty(len(scores), dtype=np.float32)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return ranks


def _parts(asked: Asked) -> tuple[Scores, Scores]:
    return asked.evidence.meaning, asked.evidence.lexical
