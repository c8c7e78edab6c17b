"""Searching the vectors of one generation on a Milvus server."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.dense_index import CANDIDATES, checked
from index.milvus_client import connect, speaking_to
from index.vector_store import VectorsAwayError

if TYPE_CHECKING:
    from index.embedding import Vectors

MOST = 16_384
"""The most neighbours that Milvus gives at once."""
_ROWS_AT_ONCE = 1_024
_SECONDS_TO_SEARCH = 2.0
# Vectors are read back only while a generation is built.
_SECONDS_TO_READ = 60.0
# While a server is away, only one question in so many seconds waits to find out whether it is back.
_SECONDS_TO_REST = 5.0
_log = logging.getLogger(__name__)


class MilvusVectors:
    """Unit vectors in a collection that never changes; safe to search from several threads at once."""

    def __init__(self, address: str, collection: str, count: int, dimension: int) -> None:
        """Prepare; the server is asked at the first search."""
        self._address, self._collection = address, collection
        self._count, self._dimension = count, dimension
        self._client: Any = None
        self._guard = threading.Lock()
        self._rests_until = 0.0
        self.away = False

    def __len__(self) -> int:
        return self._count

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return self._dimension

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, NDArray[np.int64]]:
        """Return the cosines (q, k) and rows (q, k) of the nearest to each query (q, d), best first.

        Where fewer are found the row is -1 and the cosine minus infinity.

        Raises:
            ValueError: a query is not finite or of another length, or k is not from 1 to 16,384.
            VectorsAwayError: the server does not answer.
        """
        queries = checked(queries, self._dimension)
        if not 1 <= k <= MOST:
            raise ValueError(f"{k} nearest vectors were asked for; ask for 1 to {MOST:,}")
        scores = np.full((len(queries), k), -np.inf, dtype=np.float32)
        rows = np.full((len(queries), k), -1, dtype=np.int64)
        if not len(queries) or not self._count:
            return scores, rows
        found = self._ask(
            "search",
            timeout=_SECONDS_TO_SEARCH,
            data=queries,
            limit=min(k, self._count),
            output_fields=["row"],
            # Nothing is ever added to a collection that is searched, so there is no news to wait for.
            consistency_level="Eventually",
        )
        for number, hits in enumerate(found):
            rows[number, : len(hits)] = hits.ids
            scores[number, : len(hits)] = hits.distances
        return scores, rows

    def similarities(self, queries: Vectors, *, candidates: int = CANDIDATES) -> Vectors:
        """Return the cosine of each query (q, d) with every vector (q, n): 0 for all but the best `candidates`.

        Raises:
            ValueError: a query is not finite or of another length.
            VectorsAwayError: the server does not answer.
        """
        scores, rows = self.search(queries, candidates)
        similarities = np.zeros((len(rows), self._count), dtype=np.float32)
        numbers, places = np.nonzero(rows >= 0)
        similarities[numbers, rows[numbers, places]] = scores[numbers, places]
        return similarities

    def vectors(self, rows: NDArray[np.int64]) -> Vectors:
        """Return the vectors (m, d) of rows (m,).

        Raises:
            IndexError: there is no such row.
            VectorsAwayError: the server does not answer, or does not have one of them.
        """
        rows = np.asarray(rows, dtype=np.int64)
        if len(rows) and (int(rows.min()) < 0 or int(rows.max()) >= self._count):
            raise IndexError(f"a row outside 0 to {self._count - 1} was asked for")
        vectors = np.zeros((len(rows), self._dimension), dtype=np.float32)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[start : start + _ROWS_AT_ONCE].tolist()
            found = self._ask(
                "get", timeout=_SECONDS_TO_READ, ids=list(dict.fromkeys(some)), output_fields=["row", "vector"]
            )
            of_row = {int(item["row"]): item["vector"] for item in found}
            if len(of_row) < len(set(some)):
                raise VectorsAwayError(f"Milvus at {self._address} lacks vectors of {self._collection}; build again")
            vectors[start : start + len(some)] = [of_row[row] for row in some]
        return vectors

    def _ask(self, what: str, **arguments: Any) -> Any:
        """Ask the server, and not at all while it is known to be away."""
        if time.monotonic() < self._rests_until:
            raise VectorsAwayError(f"Milvus at {self._address} does not answer")
        try:
            client = self._connected()
            with speaking_to(self._address):
                found = getattr(client, what)(self._collection, **arguments)
        except VectorsAwayError as error:
            self._rests_until = time.monotonic() + _SECONDS_TO_REST
            self._client = None
            if not self.away:
                _log.warning("questions are answered without their meaning, by words and names alone: %s", error)
            self.away = True
            raise
        if self.away:
            _log.warning("Milvus at %s answers again", self._address)
        self.away = False
        return found

    def _connected(self) -> Any:
        """Return the client, with the collection loaded, which a server that was restarted has to be told."""
        with self._guard:
            if self._client is None:
                client = connect(self._address)
                with speaking_to(self._address):
                    client.load_collection(self._collection, timeout=_SECONDS_TO_SEARCH)
                self._client = client
            return self._client
