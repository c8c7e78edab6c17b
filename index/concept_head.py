"""A linear map from a question's vector to concepts, learned at build time from how people ask for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

# Below this many examples a concept on average, the nearest question tells more than any fit.
_MIN_EXAMPLES = 8
_REGULARISATION = 10.0
_ITERATIONS = 200
# The gradient shrinks with the number of concepts: at a fixed tolerance, many that are asked for equally often stop
# before the first step.
_TOLERANCE, _TOLERANCE_BY_CONCEPTS = 1e-3, 0.03
# Examples times concepts, beyond which learning takes minutes and gigabytes.
_MOST_WORK = 20_000_000


@dataclass(frozen=True, slots=True)
class ConceptHead:
    """Log-probabilities of concepts for a question; `slugs` are the concepts in the order of the rows.

    Attributes:
        slugs: the concepts, n of them.
        weights: (n, d + 1), the last column being the bias.
    """

    slugs: tuple[str, ...]
    weights: Matrix

    def log_probabilities(self, query: Matrix, without: frozenset[str] = frozenset()) -> Matrix:
        """Return the log-probability of each concept (n,) for a question's vector (d,), some perhaps left out."""
        logits = self.weights[:, :-1] @ query + self.weights[:, -1]
        for number, slug in enumerate(self.slugs if without else ()):
            if slug in without:
                logits[number] = -np.inf
        top = float(logits.max())
        normalised: Matrix = (logits - top - np.log(np.exp(logits - top).sum())).astype(np.float32)
        return normalised

    def save(self, file: Path) -> None:
        """Write the weights; the slugs are written by whoever keeps the file."""
        np.save(file, self.weights, allow_pickle=False)

    @classmethod
    def load(cls, file: Path, slugs: Sequence[str]) -> ConceptHead | None:
        """Read the weights for the concepts given; None when none were learned."""
        if not file.exists():
            return None
        weights: Matrix = np.load(file, allow_pickle=False)
        if weights.shape[0] != len(slugs):
            raise ValueError(f"{file}: {weights.shape[0]} rows for {len(slugs)} concepts")
        return cls(tuple(slugs), weights)


def can_learn(examples: int, concepts: int) -> bool:
    """Say whether so many examples of so many concepts are neither too few nor too many to learn from."""
    enough = concepts > 1 and examples >= _MIN_EXAMPLES * concepts
    return enough and examples * concepts <= _MOST_WORK


def learn_head(vectors: Matrix, labels: Sequence[str]) -> ConceptHead | None:
    """Learn from vectors (m, d) and their concepts; None when there are too few examples, too many, or one concept.

    Multinomial logistic regression, which keeps probabilities that can be compared between questions.
    """
    slugs = tuple(sorted(set(labels)))
    if not can_learn(len(labels), len(slugs)):
        return None
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    number = {slug: place for place, slug in enumerate(slugs)}
    tolerance = min(_TOLERANCE, _TOLERANCE_BY_CONCEPTS / len(slugs))
    with threadpool_limits(1):
        model = LogisticRegression(C=_REGULARISATION, max_iter=_ITERATIONS, tol=tolerance)
        model.fit(vectors, np.array([number[label] for label in labels]))
    coefficients, biases = model.coef_, model.intercept_
    if len(slugs) == 2:  # noqa: PLR2004  # scikit-learn keeps one row for two classes
        coefficients, biases = np.concatenate([-coefficients, coefficients]), np.concatenate([-biases, biases])
    return ConceptHead(slugs, np.hstack([coefficients, biases[:, None]]).astype(np.float32))
