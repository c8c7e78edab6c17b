"""Vectors on a Milvus server, each generation's in a collection of its own."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.dense_index import DenseIndex, checked
from index.dense_summary import EXACT_UP_TO
from index.milvus_client import connect, create, make_searchable, require_milvus, speaking_to
from index.milvus_vectors import MilvusVectors
from index.vector_store import ELSEWHERE, VectorStoreError

if TYPE_CHECKING:
    from index.embedding import Vectors

# Some one and a half megabytes of 384 numbers each, far below what a server takes in one request.
_ROWS_AT_ONCE = 1_024
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a generation's vectors are, as its folder has it."""

    address: str
    collection: str
    count: int
    dimension: int


class MilvusStore:
    """Vectors on a server, or in a local file that one process may open (for tests and for trying it out)."""

    # The generation that served is searched on the server until every process has taken over the next one.
    fewest_kept = 2

    def __init__(self, address: str) -> None:
        """Use an address such as `http://milvus:19530`, or a file that ends in `.db`; nothing is asked yet."""
        self._address = address

    def write(
        self,
        folder: Path,
        vectors: Iterable[Vectors],
        count: int,
        dimension: int,
        *,
        threads: int,
        like: DenseIndex | None = None,
        changed: int = 0,
    ) -> MilvusVectors:
        """Write a generation's vectors into a new collection, and return them open.

        Raises:
            ValueError: a vector is not finite or not of that length, or more or fewer come than were announced.
            VectorStoreError: pymilvus is missing, or the server does not keep them.
        """
        del threads, like, changed  # the server has its own threads and lists
        client = connect(self._address)
        place = _Place(self._address, f"fathom_{secrets.token_hex(8)}", count, dimension)
        # Before the collection is made: killed in between, the next build still finds out what to drop.
        (folder / ELSEWHERE).write_text(json.dumps(asdict(place)), encoding="utf-8")
        with speaking_to(self._address):
            create(client, place.collection, dimension)
        written = 0
        # What makes the vectors is not the server's business, so its errors stay as they are.
        for chunk in vectors:
            rows = checked(chunk, dimension)
            with speaking_to(self._address):
                for start in range(0, len(rows), _ROWS_AT_ONCE):
                    some = rows[start : start + _ROWS_AT_ONCE]
                    numbered = [{"row": written + number, "vector": row} for number, row in enumerate(some)]
                    client.insert(place.collection, numbered)
                    written += len(some)
        if written != count:
            raise ValueError(f"{written} vectors came where {count} were announced")
        with speaking_to(self._address):
            client.flush(place.collection)
            make_searchable(client, place.collection, exact=count <= EXACT_UP_TO)
        if (kept := _count(place)) != count:
            raise VectorStoreError(f"Milvus at {self._address} keeps {kept} of {count} vectors; build again")
        return MilvusVectors(place.address, place.collection, count, dimension)

    def keeps(self, folder: Path) -> bool:
        """Say whether the folder names a collection at this address."""
        try:
            return _read(folder / ELSEWHERE).address == self._address
        except (OSError, ValueError):
            return False

    def intact(self, folder: Path) -> bool:
        """Say whether the server has as many vectors as the folder says.

        Raises:
            VectorStoreError: pymilvus is missing, or the server does not answer.
        """
        place = _read(folder / ELSEWHERE)
        return _count(place) == place.count


def open_collection(file: Path) -> MilvusVectors:
    """Open the vectors that a file tells the place of; the server is asked at the first search.

    Raises:
        VectorStoreError: pymilvus is missing.
        ValueError: the file is damaged.
    """
    place = _read(file)
    require_milvus(place.address)
    return MilvusVectors(place.address, place.collection, place.count, place.dimension)


def drop_collection(file: Path) -> bool:
    """Drop the collection that a file tells the place of; False, with a warning, where the server does not answer."""
    try:
        place = _read(file)
    except ValueError as error:
        _log.warning("%s: damaged (%s); what it stood for is not dropped", file, error)
        return True
    try:
        client = connect(place.address)
        with speaking_to(place.address):
            client.drop_collection(place.collection)  # one that is not there is no error
    except VectorStoreError as error:
        _log.warning("the vectors of %s stay for now: %s", file.parent.name, error)
        return False
    return True


def _read(file: Path) -> _Place:
    try:
        return _Place(**json.loads(file.read_text(encoding="utf-8")))
    except TypeError as error:
        raise ValueError(f"{file}: does not say where its vectors are") from error


def _count(place: _Place) -> int:
    client = connect(place.address)
    with speaking_to(place.address):
        if not client.has_collection(place.collection):
            return 0
        client.load_collection(place.collection)
        found = client.query(place.collection, output_fields=["count(*)"], consistency_level="Strong")
        return int(found[0]["count(*)"])
