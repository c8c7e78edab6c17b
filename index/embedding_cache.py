"""Vectors that were computed before, so that an unchanged passage is never embedded twice.

A cache that cannot be read or written costs time, and nothing else.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from index.embedding import Embedded
from index.sentences import Span

_log = logging.getLogger(__name__)
_CHUNK = 500


def cache_key(model_checksum: str, text: str, spans: Sequence[Span]) -> bytes:
    """Return the key of a text's vectors: it changes with the model, the words, or where sentences stand."""
    return hashlib.sha256(f"{model_checksum}\0{list(spans)}\0{text}".encode()).digest()


def _checksum(vector: bytes, sentences: bytes) -> bytes:
    digest = hashlib.sha256(vector)
    digest.update(sentences)
    return digest.digest()[:8]


class EmbeddingCache:
    """Vectors on disk, by key; a damaged file is thrown away and begun anew, as all of it can be recomputed."""

    def __init__(self, path: Path) -> None:
        """Open the cache at `path`, creating what is missing."""
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = self._open(str(path))
        except sqlite3.OperationalError as error:  # read-only, full or locked: nothing is wrong with the file
            _log.warning("%s cannot be used (%s); everything is embedded anew", path, error)
            self._connection = self._open(":memory:")
        except sqlite3.DatabaseError as error:
            self._connection = self._begun_anew(error)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    @contextmanager
    def _renewed_if_damaged(self) -> Iterator[None]:
        """Begin a new file where this one turns out to be damaged; what was to be done is then left undone."""
        try:
            yield
        except sqlite3.OperationalError:  # locked, or the disk is full: nothing is damaged
            raise
        except sqlite3.DatabaseError as error:
            self._connection.close()
            self._connection = self._begun_anew(error)

    def _begun_anew(self, error: sqlite3.DatabaseError) -> sqlite3.Connection:
        _log.warning("%s is damaged (%s); beginning a new one", self._path, error)
        for suffix in ("", "-wal", "-shm", "-journal"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        return self._open(str(self._path))

    def _open(self, place: str) -> sqlite3.Connection:
        connection = sqlite3.connect(place, timeout=30)
        connection.execute("PRAGMA journal_mode=WAL")
        # A power cut may cost the last entries, which are then recomputed.
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS vectors"
            " (key BLOB PRIMARY KEY, vector BLOB NOT NULL, sentences BLOB NOT NULL, checksum BLOB) WITHOUT ROWID"
        )
        columns = [name for _, name, *_ in connection.execute("PRAGMA table_info(vectors)")]
        if "checksum" not in columns:  # written by an earlier version; what has no checksum is believed
            connection.execute("ALTER TABLE vectors ADD COLUMN checksum BLOB")
        connection.commit()
        return connection

    def get(self, keys: Sequence[bytes]) -> dict[bytes, Embedded]:
        """Return what is known of the keys, without what was damaged."""
        found: dict[bytes, Embedded] = {}
        for start in range(0, len(keys), _CHUNK):
            with self._renewed_if_damaged():
                found.update(self._get(list(keys[start : start + _CHUNK])))
        return found

    def _get(self, keys: list[bytes]) -> Iterator[tuple[bytes, Embedded]]:
        rows = self._connection.execute(
            "SELECT key, vector, sentences, checksum FROM vectors"  # noqa: S608  # only marks
            f" WHERE key IN ({','.join('?' * len(keys))})",
            keys,
        )
        for key, vector_bytes, sentence_bytes, checksum in rows:
            whole = checksum is None or checksum == _checksum(vector_bytes, sentence_bytes)
            # In bytes: numbers of four for the vector, as many of two for each sentence.
            if not whole or not vector_bytes or len(vector_bytes) % 4 or len(sentence_bytes) % (len(vector_bytes) // 2):
                continue
            vector = np.frombuffer(vector_bytes, dtype=np.float32)
            sentences = np.frombuffer(sentence_bytes, dtype=np.float16).astype(np.float32)
            yield key, Embedded(vector, sentences.reshape(-1, vector.size))

    def put(self, items: Iterable[tuple[bytes, Embedded]]) -> None:
        """Remember vectors, where there is room."""
        try:
            with self._renewed_if_damaged():
                self._put(items)
        except sqlite3.Error as error:
            _log.warning("%s cannot be written (%s); the next build embeds this anew", self._path, error)

    def _put(self, items: Iterable[tuple[bytes, Embedded]]) -> None:
        rows = [
            (key, embedded.vector.astype(np.float32).tobytes(), embedded.sentences.astype(np.float16).tobytes())
            for key, embedded in items
        ]
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO vectors (key, vector, sentences, checksum) VALUES (?, ?, ?, ?)",
                [(*row, _checksum(*row[1:])) for row in rows],
            )

    def keep_only(self, keys: Iterable[bytes]) -> int:
        """Forget everything but the keys given; return how many entries were forgotten."""
        with self._connection:
            self._connection.execute("CREATE TEMP TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY) WITHOUT ROWID")
            self._connection.execute("DELETE FROM kept")
            self._connection.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((key,) for key in keys))
            return self._connection.execute("DELETE FROM vectors WHERE key NOT IN (SELECT key FROM kept)").rowcount

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT COUNT(*) FROM vectors").fetchone()[0])
