"""What a peer is given and what it hands back; needs nothing but numpy, as every peer has its own environment."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

TASK, DOCUMENT_VECTORS, QUERY_VECTORS = "task.json", "documents.npy", "queries.npy"


@dataclass
class Task:
    """A collection to index and queries to answer.

    Attributes:
        vector_of_text: the default model's unit vector of every document and query: all systems get the same.
        depth: how many documents to return.
        results: a run by system name, with the median milliseconds of a query.
    """

    document_ids: list[str]
    documents: list[str]
    queries: dict[str, str]
    vector_of_text: dict[str, np.ndarray]
    depth: int
    out: Path
    results: dict[str, dict[str, Any]] = field(default_factory=dict)

    def answer(self, name: str, search: Callable[[str], dict[str, float]]) -> None:
        """Ask every query and keep the scores by document id."""
        run, taken = {}, []
        for key, text in self.queries.items():
            started = time.perf_counter()
            found = search(text)
            taken.append(time.perf_counter() - started)
            run[key] = {document: float(score) for document, score in found.items()}
        self.results[name] = {"milliseconds": float(np.median(taken)) * 1000, "run": run}

    def write(self) -> None:
        """Hand the results back."""
        self.out.write_text(json.dumps(self.results), encoding="utf-8")


def read_task() -> Task:
    """Read the task from the folder named first on the command line; results go to the file named second."""
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    data = json.loads((folder / TASK).read_text(encoding="utf-8"))
    documents: list[str] = list(data["documents"].values())
    vectors = dict(zip(documents, np.load(folder / DOCUMENT_VECTORS), strict=True))
    vectors |= dict(zip(data["queries"].values(), np.load(folder / QUERY_VECTORS), strict=True))
    return Task(list(data["documents"]), documents, data["queries"], vectors, data["depth"], out)


def by_rank(ids: Iterable[str]) -> dict[str, float]:
    """Return falling scores for documents that come in order without any."""
    return {document: -float(rank) for rank, document in enumerate(dict.fromkeys(ids))}
