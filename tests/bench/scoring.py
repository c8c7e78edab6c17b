"""One evaluator for every system: nDCG@10, recall@100 and MRR by ir-measures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import ir_measures
import numpy as np
from ir_measures import RR, R, nDCG

from bot.evaluation.measures import Measure, bootstrap, mean
from tests.bench.beir import Judgements

Run = dict[str, dict[str, float]]
"""Scores by query and document id."""

_NDCG, _RECALL, _RANK = nDCG @ 10, R @ 100, RR @ 100
DEPTH = 100
"""How many documents a system may return for a query."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is measured of one system.

    Attributes:
        by_query: nDCG@10 of each query, for comparing systems query by query.
    """

    ndcg: Measure
    recall: float
    reciprocal_rank: float
    by_query: Mapping[str, float]

    def minus(self, other: Figures) -> Measure:
        """Return how far nDCG@10 is ahead of another system's, query by query."""
        differences = np.array([value - other.by_query[query] for query, value in self.by_query.items()])
        return bootstrap(lambda rows: float(differences[rows].mean()), len(differences))


def score_run(run: Run, judgements: Judgements) -> Figures:
    """Measure a run; a query without any result counts as zero, and results after the hundredth do not count."""
    cut = {query: dict(sorted(found.items(), key=lambda item: -item[1])[:DEPTH]) for query, found in run.items()}
    values: dict[object, dict[str, float]] = defaultdict(lambda: dict.fromkeys(judgements, 0.0))
    for metric in ir_measures.iter_calc([_NDCG, _RECALL, _RANK], judgements, cut):
        values[metric.measure][metric.query_id] = metric.value
    return Figures(
        ndcg=mean(list(values[_NDCG].values())),
        recall=float(np.mean(list(values[_RECALL].values()))),
        reciprocal_rank=float(np.mean(list(values[_RANK].values()))),
        by_query=values[_NDCG],
    )
