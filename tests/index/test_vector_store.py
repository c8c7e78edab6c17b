"""One contract over every place that keeps vectors; Milvus is an embedded one, where the extra is installed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.answer import Outcome, Question
from bot.explainer import Explainer
from index.build import is_current
from index.dense_index import DenseIndex
from index.levels import Level
from index.search import Searcher
from index.swap import BuildOutcome, SwapRules
from index.vector_store import (
    ELSEWHERE,
    IN_FOLDER,
    VectorIndex,
    VectorsAwayError,
    VectorStore,
    VectorStoreError,
    drop_vectors,
    open_vectors,
)
from tests.index.test_build import MODEL, Workshop
from tests.index.test_dense_index import CLOSE, CLOSE_IN_BYTES, DIMENSION, in_chunks, some_vectors

Vectors = NDArray[np.float32]
COUNT = 1_200
WITHOUT_MILVUS = "the extra `milvus` is not installed: pip install -e '.[milvus]'"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a busy machine take its time."""
    monkeypatch.setattr("index.milvus_vectors._SECONDS_TO_SEARCH", 60.0)
    monkeypatch.setattr("index.milvus_client._SECONDS_TO_CONNECT", 60.0)


def milvus(address: str) -> VectorStore:
    pytest.importorskip("pymilvus", reason=WITHOUT_MILVUS)
    pytest.importorskip("milvus_lite", reason=WITHOUT_MILVUS)
    from index.milvus_store import MilvusStore

    return MilvusStore(address)


@pytest.fixture(scope="module", params=["in the folder", "milvus"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> VectorStore:
    if request.param == "in the folder":
        return IN_FOLDER
    return milvus(str(tmp_path_factory.mktemp("milvus") / "vectors.db"))


@pytest.fixture(scope="module")
def passages() -> Vectors:
    return some_vectors(COUNT)


@pytest.fixture(scope="module")
def folder(store: VectorStore, passages: Vectors, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generation")
    store.write(folder, in_chunks(passages), COUNT, DIMENSION, threads=1)
    return folder


@pytest.fixture(scope="module")
def index(folder: Path) -> VectorIndex:
    return open_vectors(folder)


def test_what_was_written_is_opened_whole(store: VectorStore, folder: Path, index: VectorIndex) -> None:
    assert (len(index), index.dimension, index.away) == (COUNT, DIMENSION, False)
    assert store.keeps(folder)
    assert store.intact(folder)


def test_the_nearest_come_with_their_cosines(index: VectorIndex, passages: Vectors) -> None:
    queries = some_vectors(10, seed=1)
    true = queries @ passages.T
    scores, rows = index.search(queries, 20)
    assert rows.tolist() == np.argsort(-true, axis=1)[:, :20].tolist()
    assert scores == pytest.approx(np.take_along_axis(true, rows, axis=1), abs=CLOSE)


def test_more_than_there_are_is_filled_up(index: VectorIndex) -> None:
    scores, rows = index.search(some_vectors(2, seed=1), COUNT + 3)
    assert sorted(rows[0, :COUNT].tolist()) == list(range(COUNT))
    assert (rows[:, COUNT:] == -1).all()
    assert np.isneginf(scores[:, COUNT:]).all()
    assert index.search(np.zeros((0, DIMENSION), dtype=np.float32), 3)[1].shape == (0, 3)


def test_similarities_stand_by_row(index: VectorIndex, passages: Vectors) -> None:
    for count in (1, 5):
        queries = some_vectors(count, seed=2)
        similarities = index.similarities(queries)
        assert similarities.shape == (count, COUNT)
        close = CLOSE_IN_BYTES if isinstance(index, DenseIndex) and index.in_bytes else CLOSE
        assert similarities == pytest.approx(queries @ passages.T, abs=close)


def test_vectors_come_back_in_the_order_asked_for(index: VectorIndex, passages: Vectors) -> None:
    rows = np.array([COUNT - 1, 0, 7, 7])
    assert index.vectors(rows) == pytest.approx(passages[rows], abs=CLOSE)
    assert index.vectors(np.arange(COUNT)) == pytest.approx(passages, abs=CLOSE)
    assert index.vectors(np.zeros(0, dtype=np.int64)).shape == (0, DIMENSION)
    for row in (-1, COUNT):
        with pytest.raises(IndexError):
            index.vectors(np.array([row]))


def test_what_cannot_be_searched_for_is_refused(index: VectorIndex) -> None:
    with pytest.raises(ValueError, match="finite"):
        index.search(np.full((1, DIMENSION), np.nan, dtype=np.float32), 3)
    with pytest.raises(ValueError, match="shape"):
        index.similarities(np.zeros((1, DIMENSION + 1), dtype=np.float32))
    with pytest.raises(ValueError, match=r"at least one|1 to"):
        index.search(some_vectors(1), 0)


@pytest.mark.parametrize("count", [COUNT - 1, COUNT + 1])
def test_a_wrong_number_of_vectors_is_refused(
    store: VectorStore, passages: Vectors, tmp_path: Path, count: int
) -> None:
    with pytest.raises(ValueError, match=f"{COUNT} vectors came"):
        store.write(tmp_path, in_chunks(passages), count, DIMENSION, threads=1)
    assert drop_vectors(tmp_path)


def test_each_generation_has_its_own_until_it_is_dropped(
    store: VectorStore, folder: Path, index: VectorIndex, tmp_path: Path
) -> None:
    other = some_vectors(30, seed=5)
    written = store.write(tmp_path, in_chunks(other), 30, DIMENSION, threads=1)
    assert written.search(other[:30], 1)[1][:, 0].tolist() == list(range(30))
    assert len(index.search(other, COUNT)[1]) == 30
    assert drop_vectors(tmp_path)
    assert drop_vectors(tmp_path)
    assert store.intact(folder)
    assert index.search(other, 1)[1].max() < COUNT


def test_builds_swap_go_back_and_leave_nothing_behind(store: VectorStore, workshop: Workshop) -> None:
    first = workshop.build(vectors=store, keep=1)
    page = workshop.knowledge / "en" / "kettle-drift.md"
    served = workshop.store.open(first.generation)
    reports = []
    for number in range(3):
        page.write_text(page.read_text(encoding="utf-8") + f"\nKettles of number {number} drift.\n", encoding="utf-8")
        reports.append(workshop.build(vectors=store, keep=1))
    assert all(report.swapped for report in reports)
    assert workshop.build(vectors=store).generation == reports[-1].generation
    kept = workshop.store.names()
    assert len(kept) == store.fewest_kept
    for name in kept:
        assert store.intact(workshop.store.folder / name)
        generation = workshop.store.open(name)
        assert generation.similarities(generation.vectors[:1]).argmax() == 0
    if store is not IN_FOLDER:  # FAISS has the file open, so it goes on
        with pytest.raises(VectorsAwayError):
            served.similarities(workshop.encoder.encode_queries(["kettle drift"]))


def test_another_place_is_another_build(store: VectorStore, workshop: Workshop, tmp_path: Path) -> None:
    report = workshop.build(vectors=store)
    assert is_current(workshop.store, workshop.knowledge, MODEL, store)
    other = IN_FOLDER if store is not IN_FOLDER else milvus(str(tmp_path / "other.db"))
    assert not is_current(workshop.store, workshop.knowledge, MODEL, other)
    moved = workshop.build(vectors=other)
    assert moved.swapped
    assert moved.embedded == 0
    # What was built before the change serves on.
    workshop.store.point_to(report.generation)
    best = workshop.store.open_best()
    assert best is not None
    assert best.id == report.generation
    assert best.similarities(best.vectors[:1]).argmax() == 0


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


class Server:
    """Milvus Lite as a server of its own, which can be killed and started again."""

    def __init__(self, folder: Path, port: int) -> None:
        self._command = [sys.executable, "-c", "from milvus_lite.cmdline import main; main()", "server"]
        self._command += ["--data-dir", str(folder), "--port", str(port)]
        self.address = f"http://127.0.0.1:{port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(self._command, stdout=quiet, stderr=quiet)
        from index.milvus_client import connect, speaking_to

        deadline = time.monotonic() + 60
        while True:
            try:
                client = connect(self.address)  # by itself no proof: clients of one address share a connection
                with speaking_to(self.address):
                    client.list_collections()
            except VectorsAwayError:
                assert time.monotonic() < deadline, "the server does not start"
                time.sleep(0.2)
            else:
                return

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture
def server(tmp_path: Path, unused_tcp_port: int) -> Iterator[Server]:
    milvus("")
    server = Server(tmp_path / "server", unused_tcp_port)
    server.start()
    yield server
    server.kill()


def test_a_server_that_goes_away_and_comes_back(
    server: Server, workshop: Workshop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MILVUS_TOKEN", "somebody:secret-password")
    monkeypatch.setattr("index.milvus_vectors._SECONDS_TO_REST", 0.1)
    store = milvus(server.address)
    workshop.build(vectors=store)
    # The swap is of one process, the serving of another: it knows only what stands in the folder.
    generation = workshop.store.open_best()
    assert generation is not None
    explainer = Explainer(Searcher(generation, workshop.encoder))
    outside = Question("how do I bake sourdough bread?", Level.BASIC)
    named = Question("kettle drift", Level.BASIC)
    assert explainer.explain(outside).outcome is Outcome.NOT_COVERED
    assert explainer.explain(named).answered

    server.kill()
    with pytest.raises(VectorsAwayError):
        explainer.explain(outside)  # that the library does not cover it would be a guess
    assert generation.vectors_away
    answer = explainer.explain(named)
    assert answer.concept is not None
    assert answer.concept.slug == "kettle-drift"
    with pytest.raises(VectorStoreError, match="does not answer"):
        workshop.build(vectors=store)
    assert workshop.store.open_best() is not None
    before = workshop.store.names()
    assert workshop.store.prune(0) == []
    assert workshop.store.names() == before

    server.start()
    time.sleep(0.2)
    assert explainer.explain(outside).outcome is Outcome.NOT_COVERED
    assert not generation.vectors_away
    assert "secret-password" not in caplog.text
    assert "answers again" in caplog.text


def test_what_the_server_lost_is_built_again(workshop: Workshop, tmp_path: Path) -> None:
    store = milvus(str(tmp_path / "vectors.db"))
    first = workshop.build(vectors=store)
    drop_vectors(workshop.store.folder / first.generation)
    assert not store.intact(workshop.store.folder / first.generation)
    again = workshop.build(vectors=store)
    assert again.swapped
    assert store.intact(workshop.store.folder / again.generation)


def test_a_killed_build_and_a_dry_run_leave_no_collection(workshop: Workshop, tmp_path: Path) -> None:
    store = milvus(str(tmp_path / "vectors.db"))
    draft = workshop.store.new_draft()
    left = store.write(draft, in_chunks(some_vectors(10)), 10, DIMENSION, threads=1)
    assert left.search(some_vectors(1), 1)[1][0, 0] >= 0
    workshop.build(vectors=store)
    assert not draft.exists()
    page = workshop.knowledge / "en" / "kettle-drift.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nIt drifts on.\n", encoding="utf-8")
    assert workshop.build(vectors=store, rules=SwapRules(dry_run=True)).outcome is BuildOutcome.DRY_RUN
    from index.milvus_client import connect

    assert len(connect(str(tmp_path / "vectors.db")).list_collections()) == 1


def test_a_place_that_is_damaged_is_refused(tmp_path: Path) -> None:
    for text in ("", "[]", "{}", json.dumps({"address": "http://elsewhere:1"})):
        (tmp_path / ELSEWHERE).write_text(text, encoding="utf-8")
        with pytest.raises((ValueError, VectorStoreError)):
            open_vectors(tmp_path)
        assert drop_vectors(tmp_path)


def test_without_the_package_the_install_command_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    place = {"address": "http://127.0.0.1:1", "collection": "fathom_0", "count": 1, "dimension": 2}
    (tmp_path / ELSEWHERE).write_text(json.dumps(place), encoding="utf-8")
    with pytest.raises(VectorStoreError, match=r"pip install -e '\.\[milvus\]'"):
        open_vectors(tmp_path)


def test_no_server_is_an_error_that_says_what_to_do(workshop: Workshop, unused_tcp_port: int) -> None:
    store = milvus(f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(VectorStoreError, match="is the server up, the address right, and MILVUS_TOKEN set"):
        workshop.build(vectors=store)
