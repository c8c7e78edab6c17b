"""From a question to ranked concepts and passages."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.confidence import Evidence, confidence
from index.embedding import Encoder, Vectors
from index.generation import Generation
from index.lexical import terms
from index.names import NameIndex
from index.plain import plain_text

Scores = NDArray[np.float32]

# How far a passage's best rivals inside its concept count beside the best passage itself.
_TOP_PASSAGES = 3
_WHOLE_NAME = 3.0
_DENSE_WEIGHT, _LEXICAL_WEIGHT, _NAME_WEIGHT = 1.0, 0.35, 0.35


@dataclass(frozen=True, slots=True)
class RankedConcept:
    """A concept and how well it fits a question; scores compare within one search only."""

    slug: str
    score: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found.

    Attributes:
        concepts: all concepts that fit at all, best first.
        confidence: the probability, from 0 to 1, that the first concept answers the question.
        passage_scores: how well each passage of the generation fits, by position.
        query_vector: the question's unit vector, for choosing sentences.
    """

    concepts: tuple[RankedConcept, ...]
    confidence: float
    passage_scores: Scores
    query_vector: Vectors


class Searcher:
    """Dense and lexical search over one generation; safe to use from several threads at once."""

    def __init__(self, generation: Generation, encoder: Encoder) -> None:
        """Prepare to search; the encoder must be the model that the generation was built with."""
        if encoder.checksum != generation.manifest.model_checksum:
            raise ValueError("the encoder is not the model that this generation was built with")
        self.generation = generation
        self._encoder = encoder
        self._slugs = sorted(generation.rows_of_concept)
        position = {slug: number for number, slug in enumerate(self._slugs)}
        self._concept_of_row = np.array([position[passage.slug] for passage in generation.passages], dtype=np.int64)
        frequency: Counter[str] = Counter()
        for passage in generation.passages:
            frequency.update(set(terms(f"{passage.title} {plain_text(passage.text)}", passage.lang)))
        self._names = NameIndex(generation.concepts.values(), frequency, len(generation.passages))

    def search(self, query: str, *, lang: str = "en") -> SearchResult:
        """Rank concepts and passages for a question; a question without any word finds nothing."""
        query_terms = terms(query, lang)
        if not query.strip() or not self._slugs:
            empty = np.zeros(len(self._concept_of_row), dtype=np.float32)
            return SearchResult((), 0.0, empty, np.zeros(self._encoder.dimension, dtype=np.float32))
        vector = self._encoder.encode_query(query)
        dense = self.generation.similarities(vector)
        lexical = self.generation.lexical.scores(query_terms)
        if (best := float(lexical.max(initial=0.0))) > 0:
            lexical = lexical / best
        passage_scores = _DENSE_WEIGHT * dense + _LEXICAL_WEIGHT * lexical
        scores = self._by_concept(passage_scores)
        named = np.zeros(len(self._slugs), dtype=np.float32)
        for match in self._names.find(query, lang):
            number = self._slugs.index(match.slug)
            # A question that is a name and nothing else asks for that concept, whatever else is near.
            whole = (_WHOLE_NAME if match.written else _WHOLE_NAME / 2) if match.coverage == 1 else 0.0
            named[number] = max(named[number], match.weight * (0.5 + 0.5 * match.coverage) + whole)
        scores = scores + _NAME_WEIGHT * named
        order = np.argsort(-scores, kind="stable")
        ranked = tuple(RankedConcept(self._slugs[number], float(scores[number])) for number in order)
        evidence = Evidence(
            best_similarity=float(dense.max(initial=0.0)),
            margin=float(scores[order[0]] - scores[order[1]]) if len(order) > 1 else 1.0,
            named=float(named[order[0]]),
            terms=len(query_terms),
        )
        return SearchResult(ranked, confidence(evidence), passage_scores, vector)

    def best_sentence(self, row: int, query: Vectors) -> tuple[int, float]:
        """Return which sentence of a passage fits a question best, and its cosine; (0, 0.0) if it has none."""
        vectors = self.generation.sentence_vectors(row)
        if not len(vectors):
            return 0, 0.0
        similarities = vectors @ query
        best = int(np.argmax(similarities))
        return best, float(similarities[best])

    def _by_concept(self, passage_scores: Scores) -> Scores:
        """Return each concept's score: the mean of its best passages, which one lucky passage cannot carry alone."""
        best = np.full((_TOP_PASSAGES, len(self._slugs)), -np.inf, dtype=np.float32)
        remaining = passage_scores.copy()
        for rank in range(_TOP_PASSAGES):
            np.maximum.at(best[rank], self._concept_of_row, remaining)
            # Ties may drop two equal passages at once, which does not matter for a mean of the best.
            remaining[remaining >= best[rank][self._concept_of_row]] = -np.inf
        best = np.where(np.isfinite(best), best, best[0])
        weights = np.array([0.6, 0.25, 0.15], dtype=np.float32)
        combined: Scores = (weights[:, None] * best).sum(axis=0)
        return combined
