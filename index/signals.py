"""What is known about each concept for one question, before it is weighed."""

from __future__ import annotations

from dataclasses import dataclass

from index.embedding import Vectors
from index.passage_ranking import Scores

RANKING_SIGNALS = ("text", "sentences", "lexical", "asked", "asked lexical", "name", "head", "words")
"""What a concept is ranked by, in the order of the columns of `Signals.ranking`."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known about each concept (n rows) for one question.

    Attributes:
        ranking: (n, 8), columns as `RANKING_SIGNALS`.
        nearest: (n, 3): the best passage's cosine, the best question's, and the mean of its best eight.
        outside: how near the question is to those that no page answers (cosine of the best three), and the
            log-probabilities of the two heads that it is one of them.
        terms: how many terms the question has beside function words.
        passage_scores: how well each passage fits, by position in the generation.
        query_vector: the question's unit vector.
        partial: whether nothing is known of cosines, as what keeps the passages' vectors does not answer.
    """

    ranking: Scores
    nearest: Scores
    outside: tuple[float, float, float]
    terms: int
    passage_scores: Scores
    query_vector: Vectors
    partial: bool = False
