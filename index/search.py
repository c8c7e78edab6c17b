"""From a question to ranked concepts and passages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index.batching import Batcher
from index.confidence import CONFIDENCE_SIGNALS, confidence
from index.embedding import Encoder, Vectors, unit
from index.fitted import load_fitted
from index.generation import Generation
from index.grouping import Groups
from index.lexical import terms
from index.names import NameIndex, NameMatch
from index.passage_ranking import Evidence, Scores, relative
from index.search_result import RankedConcept, SearchResult
from index.signals import RANKING_SIGNALS, Signals
from index.spelling import Spelling
from index.vector_store import VectorsAwayError

# How the best passages of a concept count together: one lucky passage cannot carry it alone.
_TOP = (0.5, 0.3, 0.2)
_TOP_LEXICAL = (0.6, 0.25, 0.15)
_MANY = (0.25, 0.2, 0.15, 0.1, 0.1, 0.1, 0.05, 0.05)
_WHOLE_NAME = 3.0
# How sure it is that whoever types a name and nothing else asks for what it names.
_NAMED = 0.95
# And that it is one of the two that a comparison is about.
_NAMED_SUBJECT = 0.99
# How much the last message of a conversation counts by itself, once it says as much as three terms.
_FOLLOW_UP, _FOLLOW_UP_TERMS = 0.5, 3
_LARGEST_BATCH = 16


class Searcher:
    """Dense and lexical search over one generation; safe to use from several threads at once."""

    def __init__(self, generation: Generation, encoder: Encoder, *, every_signal: bool = False) -> None:
        """Prepare to search.

        Args:
            generation: what to search in.
            encoder: the model that the generation was built with.
            every_signal: work out signals that count for nothing too, to learn what each is worth.
        """
        if encoder.checksum != generation.manifest.model_checksum:
            raise ValueError("the encoder is not the model that this generation was built with")
        self.generation = generation
        self._encoder = encoder
        self.slugs: tuple[str, ...] = tuple(sorted(generation.rows_of_concept))
        self._place = {slug: number for number, slug in enumerate(self.slugs)}
        passages = generation.passages
        places = self._places_of(passages.slugs)[passages.concepts]
        self._text = Groups(np.where(passages.asked, -1, places).tolist(), len(self.slugs))
        self._asked = Groups(np.where(passages.asked, places, -1).tolist(), len(self.slugs))
        self._outside = np.flatnonzero(passages.asked & (places < 0))
        fitted = load_fitted()
        self._fitted = fitted.without_questions if self._asked.empty else fitted.with_questions
        self._head_floor = fitted.head_floor
        # Comparing all sentences takes as long as comparing all passages.
        self._reads_sentences = every_signal or self._fitted.ranking[RANKING_SIGNALS.index("sentences")] != 0
        vocabulary = generation.vocabulary
        self._names = NameIndex(generation.concepts.values(), vocabulary)
        self._spelling = Spelling(vocabulary.words)
        # Questions that come together are compared with all passages together: the passages are read once.
        # What compares does not know this searcher: in a circle it would stay in memory long after another one serves.
        comparing = _comparing(generation, reads_sentences=self._reads_sentences)
        self._compare = Batcher(comparing, largest=_LARGEST_BATCH)
        self._head_places = self._places_of(generation.head.slugs if generation.head else ())

    def search(
        self,
        query: str,
        *,
        follow_up: str | None = None,
        lang: str = "en",
        without: frozenset[str] = frozenset(),
    ) -> SearchResult:
        """Rank concepts and passages for a question; a question without any word finds nothing.

        Args:
            query: the question, perhaps with what was asked before it.
            follow_up: what was asked last, when the query holds more than that: it counts once more by itself,
                the more it says.
            lang: the language it is asked in.
            without: concepts to leave out, as if the library did not have them.
        """
        signals = self.signals(query, lang=lang, without=without)
        if signals is None:
            empty = np.zeros(len(self.generation.passages), dtype=np.float32)
            return SearchResult((), 0.0, empty, np.zeros(self._encoder.dimension, dtype=np.float32))
        scores = self.scores(signals, without)
        if follow_up is not None and (last := self.signals(follow_up, lang=lang, without=without)) is not None:
            share = _FOLLOW_UP * min(1.0, last.terms / _FOLLOW_UP_TERMS)
            scores = np.asarray((scores + share * self.scores(last, without)) / (1 + share), dtype=np.float32)
        whole = _whole(signals.ranking[:, RANKING_SIGNALS.index("name")])
        if whole is not None:
            scores[whole] = scores.max() + 1
        order = np.argsort(-scores, kind="stable")
        finite = int(np.isfinite(scores).sum())  # what is left out stands last
        ranked = tuple(
            map(
                RankedConcept,
                [self.slugs[number] for number in order[:finite].tolist()],
                scores[order[:finite]].tolist(),
            )
        )
        certainty = 0.0
        if ranked and signals.terms:  # function words alone say nothing, unless they are a name
            certainty = confidence(self.evidence(signals, scores), self._fitted)
        if whole is not None:
            certainty = max(certainty, _NAMED)
        return SearchResult(ranked, certainty, signals.passage_scores, signals.query_vector, signals.partial)

    def search_subjects(
        self, subjects: Iterable[str], *, lang: str = "en", without: frozenset[str] = frozenset()
    ) -> dict[str, SearchResult]:
        """Return what each of a question's subjects finds by itself.

        The model does not run for a concept's name and nothing else: that finds the concept alone, and says nothing
        of passages. The others are not embedded as one batch: a vector of an 8-bit model depends on its company.
        """
        found: dict[str, SearchResult] = {}
        for subject in dict.fromkeys(subjects):
            place = _whole(self._named(self._spelling.correct(subject), lang, without))
            found[subject] = (
                self.search(subject, lang=lang, without=without)
                if place is None
                else SearchResult.of(self.slugs[place], confidence=_NAMED_SUBJECT)
            )
        return found

    def with_names(self, result: SearchResult, names: str, query: str, *, lang: str = "en") -> SearchResult:
        """Return a result with passages that fit names twice as much as the question that it was found for.

        Sentences that set two concepts apart name both. Only the names are embedded again: they are short.
        """
        corrected, vector = self._spelling.correct(query), self._encoder.encode_query(names)
        if corrected.strip():
            own = result.query_vector if len(result.query_vector) else self._encoder.encode_query(corrected)
            vector = unit(own + 2 * vector)
        evidence, partial = self._compared(vector, terms(f"{names}: {corrected}", lang))
        return replace(result, passage_scores=evidence.scores(), query_vector=vector, partial=partial)

    def signals(self, query: str, *, lang: str = "en", without: frozenset[str] = frozenset()) -> Signals | None:
        """Return what is known about each concept for a question; None for one without any word."""
        if not query.strip() or not self.slugs:
            return None
        corrected = self._spelling.correct(query)
        query_terms = terms(corrected, lang)
        vector = self._encoder.encode_query(corrected)
        evidence, partial = self._compared(vector, query_terms)
        dense, lexical = evidence.meaning, evidence.lexical
        known = self.generation.head.log_probabilities(vector, without) if self.generation.head else None
        head, outside_head = self._by_place(known)
        spoken = self.generation.word_head
        words, outside_words = self._by_place(spoken.log_probabilities(query_terms, without) if spoken else None)
        text, asked = self._text.top(dense, len(_TOP)), self._asked.top(dense, len(_MANY))
        ranking = np.stack(
            [
                self._text.weighted(text, _TOP),
                self._text.best(evidence.sentence, _TOP) if self._reads_sentences else np.zeros_like(head),
                relative(self._text.best(lexical, _TOP_LEXICAL)),
                self._asked.weighted(asked, _TOP),
                relative(self._asked.best(lexical, (0.6, 0.4))),
                self._named(corrected, lang, without),
                head,
                words,
            ],
            axis=1,
        ).astype(np.float32)
        nearest = np.stack(
            [
                self._text.weighted(text, (1.0,)),
                self._asked.weighted(asked, (1.0,)),
                self._asked.weighted(asked, _MANY),
            ],
            axis=1,
        )
        beyond = np.sort(dense[self._outside])[-len(_TOP) :][::-1] if len(self._outside) else np.zeros(0)
        outside = float(np.dot(beyond, _TOP[: len(beyond)]))
        return Signals(
            ranking=ranking,
            nearest=nearest,
            outside=(outside, outside_head, outside_words),
            terms=len(query_terms),
            passage_scores=evidence.scores(),
            query_vector=vector,
            partial=partial,
        )

    def scores(self, signals: Signals, without: frozenset[str] = frozenset()) -> Scores:
        """Return how well each concept fits (n,); minus infinity for those left out."""
        weights = self._fitted.ranking
        scores: Scores = (signals.ranking @ np.array(weights, dtype=np.float32)).astype(np.float32)
        for slug in without:
            if slug in self._place:
                scores[self._place[slug]] = -np.inf
        return scores

    def evidence(self, signals: Signals, scores: Scores) -> dict[str, float]:
        """Return what the confidence in the best concept rests on, by the names in `CONFIDENCE_SIGNALS`."""
        order = np.argsort(-scores, kind="stable")
        best = int(order[0])
        finite = scores[np.isfinite(scores)]
        chances = np.exp(finite - scores[best])
        second = float(scores[order[1]]) if len(finite) > 1 else float(scores[best]) - 1.0
        values = (
            float(1 / chances.sum()),
            float(scores[best]) - second,
            float(scores[best]),
            *(float(value) for value in signals.ranking[best]),
            *(float(value) for value in signals.nearest[best]),
            signals.outside[0],
            float(signals.nearest[best, 2]) - signals.outside[0],
            signals.outside[1],
            signals.outside[2],
            float(np.log1p(signals.terms)),
        )
        return dict(zip(CONFIDENCE_SIGNALS, values, strict=True))

    def named(self, text: str, lang: str = "en") -> list[NameMatch]:
        """Return the names of concepts that occur in a text, slips of the pen allowed, longest first."""
        return self._names.find(self._spelling.correct(text), lang)

    def sentence_similarities(self, row: int, query: Vectors) -> list[float]:
        """Return the cosine of each sentence of a passage with a question; none where it has no sentences."""
        vectors = self.generation.sentence_vectors(row)
        similarities: list[float] = (vectors @ query).tolist() if len(vectors) else []
        return similarities

    def _named(self, query: str, lang: str, without: frozenset[str]) -> Scores:
        named = np.zeros(len(self.slugs), dtype=np.float32)
        for match in self._names.find(query, lang):
            if match.slug in without:
                continue
            number = self._place[match.slug]
            # A question that is a name and nothing else asks for that concept, whatever else is near.
            whole = (_WHOLE_NAME if match.written else _WHOLE_NAME / 2) if match.coverage == 1 else 0.0
            named[number] = max(named[number], match.weight * (0.5 + 0.5 * match.coverage) + whole)
        return named

    def _compared(self, vector: Vectors, query_terms: Sequence[str]) -> tuple[Evidence, bool]:
        """Return what is known of each passage for a question, and whether the vectors are away."""
        try:
            compared, partial = self._compare(vector), False
        except VectorsAwayError:
            compared, partial = (np.zeros(len(self.generation.passages), dtype=np.float32),) * 2, True
        return Evidence(*compared, self.generation.lexical.scores(query_terms)), partial

    def _places_of(self, slugs: Sequence[str]) -> NDArray[np.int64]:
        """Return where each concept stands among those that can be found; -1 for none of them."""
        return np.array([self._place.get(slug, -1) for slug in slugs], dtype=np.int64)

    def _by_place(self, known: Scores | None) -> tuple[Scores, float]:
        """Return a head's log-probabilities in the order of the concepts, and that of none of them."""
        if known is None:
            return np.zeros(len(self.slugs), dtype=np.float32), 0.0
        values = np.full(len(self.slugs), self._head_floor, dtype=np.float32)
        bounded, found = np.maximum(known, self._head_floor), self._head_places >= 0
        values[self._head_places[found]] = bounded[found]
        beyond = bounded[~found]
        return values, float(beyond[-1]) if len(beyond) else self._head_floor


def _whole(named: Scores) -> int | None:
    """Return the place of the concept whose name a question is, and nothing else; None if there is none."""
    if not len(named):
        return None
    best = int(np.argmax(named))
    return best if named[best] > _WHOLE_NAME / 2 else None


def _comparing(
    generation: Generation, *, reads_sentences: bool
) -> Callable[[Sequence[Vectors]], list[tuple[Scores, Scores]]]:
    """Return what gives for each question's vector the cosines with all passages, and with their best sentences."""
    unread: Scores = np.zeros(len(generation.passages), dtype=np.float32)

    def compare(vectors: Sequence[Vectors]) -> list[tuple[Scores, Scores]]:
        queries = np.stack(vectors)
        dense = generation.similarities(queries)
        if not reads_sentences:
            return [(row, unread) for row in dense]
        return list(zip(dense, generation.best_sentences(queries), strict=True))

    return compare
