"""A cache that fails costs time, and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.embedding import Embedded
from index.embedding_cache import EmbeddingCache

KNOWN = Embedded(np.ones(4, dtype=np.float32), np.ones((2, 4), dtype=np.float32))


def test_a_place_that_cannot_be_opened_is_done_without(tmp_path: Path) -> None:
    place = tmp_path / "cache"
    place.mkdir()
    with EmbeddingCache(place) as cache:
        cache.put([(b"key", KNOWN)])
        assert list(cache.get([b"key"])) == [b"key"]
    assert place.is_dir(), "what stood there was deleted"


def test_damage_in_the_middle_is_noticed_when_it_is_read(tmp_path: Path) -> None:
    place = tmp_path / "cache"
    with EmbeddingCache(place) as cache:
        cache.put((f"key {number}".encode(), KNOWN) for number in range(2_000))
    data = bytearray(place.read_bytes())
    data[8_192:16_384] = b"\xa5" * 8_192
    place.write_bytes(data)
    with EmbeddingCache(place) as cache:
        wanted = [f"key {number}".encode() for number in range(2_000)]
        assert len(cache.get(wanted)) < len(wanted)
        assert cache.get(wanted) == {}
        cache.put([(b"key", KNOWN)])
    with EmbeddingCache(place) as cache:
        assert len(cache) == 1


def test_what_cannot_be_written_is_only_warned_about(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with EmbeddingCache(tmp_path / "cache") as cache:
        cache._connection.execute("PRAGMA query_only = 1")  # noqa: SLF001  # as a full or read-only disk refuses
        cache.put([(b"key", KNOWN)])
        assert cache.get([b"key"]) == {}
    assert "cannot be written" in caplog.text
