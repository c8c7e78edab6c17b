"""How well passages fit a question: by their meaning, their best sentence and their words, together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each sort of evidence counts; only their proportions matter."""

    meaning: float
    sentence: float
    lexical: float


# Set before any figure in docs/retrieval.md was known. Sentences rank concepts; passages they rank no better.
WEIGHTS = Weights(meaning=1.0, sentence=0.0, lexical=0.35)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of n passages for one question.

    Attributes:
        meaning: the cosine of each passage's vector with the question's (n,).
        sentence: that of its best sentence (n,).
        lexical: its BM25 score (n,).
    """

    meaning: Scores
    sentence: Scores
    lexical: Scores

    def scores(self, weights: Weights = WEIGHTS) -> Scores:
        """Return how well each passage fits (n,); comparable within one question only.

        BM25 scores grow with the number of terms in the question, so they count as shares of the best one;
        cosines are of one scale for all questions, and stretching them would make noise of weak ones.
        """
        total = weights.meaning + weights.sentence + weights.lexical
        fused: Scores = weights.meaning * self.meaning
        if weights.sentence:
            fused += weights.sentence * self.sentence
        fused += weights.lexical * relative(self.lexical)
        fused /= np.float32(total)
        return fused


def relative(scores: Scores) -> Scores:
    """Return scores as shares of the best one; none is above zero, they stay as they are."""
    best = float(scores.max(initial=0.0))
    shares: Scores = scores / best if best > 0 else scores
    return shares
