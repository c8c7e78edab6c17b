from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.dense_index import DenseIndex
from index.dense_summary import EXACT_UP_TO, DenseForm, form_for

Vectors = NDArray[np.float32]

COUNT, DIMENSION = 1500, 24
FORMS = list(DenseForm)
# What a score may be off: half precision keeps three digits.
CLOSE = 2e-3
# What a cosine in 8 bits may be off, with vectors as short as these.
CLOSE_IN_BYTES = 8e-3


def unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / lengths, dtype=np.float32)


def some_vectors(count: int, seed: int = 0) -> Vectors:
    """Vectors around forty centres, as the passages of forty pages are."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(99).standard_normal((40, DIMENSION))
    return unit(
        (centres[random.integers(0, 40, count)] + 0.6 * random.standard_normal((count, DIMENSION))).astype("f4")
    )


def in_chunks(vectors: Vectors, size: int = 256) -> Iterator[Vectors]:
    for start in range(0, len(vectors), size):
        yield vectors[start : start + size]


def build(vectors: Vectors, form: DenseForm, *, target_recall: float = 0.98) -> DenseIndex:
    return DenseIndex.build(
        in_chunks(vectors), len(vectors), DIMENSION, choose=lambda _: form, target_recall=target_recall
    )


@pytest.fixture(scope="module")
def passages() -> Vectors:
    return some_vectors(COUNT)


@pytest.fixture(scope="module", params=FORMS)
def index(request: pytest.FixtureRequest, passages: Vectors) -> DenseIndex:
    return build(passages, request.param)


@pytest.fixture(scope="module", params=["as built", "loaded"])
def either(request: pytest.FixtureRequest, index: DenseIndex, tmp_path_factory: pytest.TempPathFactory) -> DenseIndex:
    if request.param == "as built":
        return index
    path = tmp_path_factory.mktemp("dense") / "vectors.faiss"
    index.save(path)
    return DenseIndex.load(path)


def test_the_form_is_the_one_asked_for_and_is_kept(index: DenseIndex, tmp_path: Path) -> None:
    assert (len(index), index.dimension) == (COUNT, DIMENSION)
    index.save(tmp_path / "vectors.faiss")
    loaded = DenseIndex.load(tmp_path / "vectors.faiss")
    assert (len(loaded), loaded.dimension) == (COUNT, DIMENSION)
    assert loaded.summary == index.summary
    assert loaded.summary.form in FORMS


def test_only_the_exact_form_is_compared_in_bytes(either: DenseIndex, request: pytest.FixtureRequest) -> None:
    loaded = "loaded" in request.node.name
    assert either.in_bytes is (loaded and either.summary.form is DenseForm.EXACT)


def test_where_lists_did_not_help_they_are_not_made_again_at_once(
    passages: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("lists were made again")

    def again(like: DenseIndex, changed: int) -> DenseIndex:
        return DenseIndex.build(
            [passages], COUNT, DIMENSION, choose=lambda _: DenseForm.INVERTED, like=like, changed=changed
        )

    half = build(passages, DenseForm.INVERTED, target_recall=1.01)
    monkeypatch.setattr("index.dense_index.train_inverted", refuse)
    second = again(half, COUNT // 20)
    assert second.summary == replace(half.summary, changed=COUNT // 20)
    assert second.vectors(np.arange(COUNT)) == pytest.approx(passages, abs=5e-4)
    with pytest.raises(AssertionError, match="made again"):
        again(second, COUNT // 10)


def test_the_nearest_are_found(either: DenseIndex, passages: Vectors) -> None:
    queries = some_vectors(50, seed=1)
    true = queries @ passages.T
    nearest = np.argsort(-true, axis=1)[:, :20]
    scores, rows = either.search(queries, 20)
    found = np.mean([len(set(one) & set(other)) / 20 for one, other in zip(rows, nearest, strict=True)])
    assert found >= (0.95 if either.summary.form is DenseForm.INVERTED else 0.99)
    assert (np.diff(scores, axis=1) <= 0).all()
    assert scores == pytest.approx(np.take_along_axis(true, rows, axis=1), abs=CLOSE)


def test_the_inverted_form_says_what_it_measured(passages: Vectors) -> None:
    summary = build(passages, DenseForm.INVERTED).summary
    assert summary.form is DenseForm.INVERTED
    assert summary.recall is not None
    assert 0.98 <= summary.recall <= 1
    assert 1 <= summary.probes <= summary.lists
    assert build(passages, DenseForm.EXACT).summary.recall is None


def test_where_the_target_is_out_of_reach_all_are_compared(passages: Vectors) -> None:
    index = build(passages, DenseForm.INVERTED, target_recall=1.01)
    assert index.summary.form is DenseForm.HALF
    _, rows = index.search(passages[:100], 1)
    assert rows[:, 0].tolist() == list(range(100))


def test_similarities_are_cosines_by_row(either: DenseIndex, passages: Vectors) -> None:
    for count in (1, 3, 16):
        queries = some_vectors(count, seed=2)
        true = queries @ passages.T
        similarities = either.similarities(queries, candidates=100)
        assert similarities.shape == (count, COUNT)
        known = similarities != 0
        assert similarities[known] == pytest.approx(true[known], abs=CLOSE_IN_BYTES if either.in_bytes else CLOSE)
        if either.summary.form is DenseForm.EXACT:
            assert similarities == pytest.approx(true, abs=CLOSE_IN_BYTES if either.in_bytes else CLOSE)
        else:
            assert (known.sum(axis=1) == 100).all()
            # What is left out is further off than nearly all that is known.
            best = np.sort(true, axis=1)[:, -20:].min(axis=1)
            assert np.mean(known[true >= best[:, None]]) >= 0.9


def test_vectors_come_back_as_they_went_in(either: DenseIndex, passages: Vectors) -> None:
    rows = np.array([7, 0, COUNT - 1, 7])
    exact = either.summary.form is DenseForm.EXACT
    assert either.vectors(rows) == pytest.approx(passages[rows], abs=0 if exact else 5e-4)
    assert either.vectors(np.zeros(0, dtype=np.int64)).shape == (0, DIMENSION)
    for row in (-1, COUNT):
        with pytest.raises(IndexError, match="outside 0 to 1499"):
            either.vectors(np.array([0, row]))


def test_more_than_there_are_is_padded(either: DenseIndex) -> None:
    scores, rows = either.search(some_vectors(2, seed=3), COUNT + 10)
    assert scores.shape == rows.shape == (2, COUNT + 10)
    assert (rows[:, -10:] == -1).all()
    missing = rows == -1
    assert np.isneginf(scores[missing]).all()
    assert np.isfinite(scores[~missing]).all()
    for found in rows:
        known = found[found >= 0].tolist()
        assert len(known) == len(set(known))


def test_threads_do_not_disturb_each_other(either: DenseIndex) -> None:
    queries = some_vectors(40, seed=4)
    expected, similar = either.search(queries, 5), either.similarities(queries)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda query: either.search(query[None], 5), queries))
        near = list(pool.map(lambda query: either.similarities(query[None]), queries))
    assert np.concatenate([rows for _, rows in found]).tolist() == expected[1].tolist()
    assert np.concatenate(near) == pytest.approx(similar, abs=1e-5)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_refused(either: DenseIndex, bad: float) -> None:
    vector = some_vectors(1)
    vector[0, 3] = bad
    with pytest.raises(ValueError, match="not a finite number"):
        either.search(vector, 1)
    with pytest.raises(ValueError, match="not a finite number"):
        either.similarities(vector)
    for form in FORMS:
        with pytest.raises(ValueError, match="not a finite number"):
            DenseIndex.build([vector], 1, DIMENSION, choose=lambda _, form=form: form)  # type: ignore[misc]


@pytest.mark.parametrize("shape", [(1, DIMENSION + 1), (1, 0), (DIMENSION,)])
def test_a_wrong_length_is_refused(either: DenseIndex, shape: tuple[int, ...]) -> None:
    vectors = np.ones(shape, dtype=np.float32)
    with pytest.raises(ValueError, match="is needed"):
        either.search(vectors, 1)
    with pytest.raises(ValueError, match="is needed"):
        DenseIndex.build([vectors], 1, DIMENSION)


def test_no_neighbours_cannot_be_asked_for(either: DenseIndex) -> None:
    with pytest.raises(ValueError, match="at least one"):
        either.search(some_vectors(1), 0)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("announced", [99, 101])
def test_as_many_must_come_as_were_announced(form: DenseForm, announced: int) -> None:
    with pytest.raises(ValueError, match=f"100 vectors came where {announced} were announced"):
        DenseIndex.build(in_chunks(some_vectors(100)), announced, DIMENSION, choose=lambda _: form)


@settings(max_examples=30, deadline=None)
@given(
    count=st.integers(0, 60),
    asked=st.integers(0, 20),
    k=st.integers(1, 80),
    form=st.sampled_from(FORMS),
    chunk=st.integers(1, 70),
    equal=st.booleans(),
)
def test_few_vectors_are_searched_like_many(
    count: int, asked: int, k: int, form: DenseForm, chunk: int, equal: bool
) -> None:
    vectors = np.repeat(some_vectors(1), count, axis=0) if equal else some_vectors(count)
    index = DenseIndex.build(in_chunks(vectors, chunk), count, DIMENSION, choose=lambda _: form)
    queries = some_vectors(asked, seed=5)
    true = queries @ vectors.T
    scores, rows = index.search(queries, k)
    assert scores.shape == rows.shape == (asked, k)
    assert ((rows >= 0).sum(axis=1) == min(k, count)).all()
    best = -np.sort(-true, axis=1)[:, :k]
    assert scores[:, : best.shape[1]] == pytest.approx(best, abs=CLOSE)
    assert index.similarities(queries) == pytest.approx(true, abs=CLOSE)


def test_all_equal_vectors_are_searched_too() -> None:
    vectors = np.repeat(some_vectors(1), COUNT, axis=0)
    index = build(vectors, DenseForm.INVERTED)
    scores, rows = index.search(vectors[:1], 20)
    assert scores == pytest.approx(np.ones((1, 20)), abs=CLOSE)
    assert len(set(rows[0].tolist())) == 20


def test_the_same_vectors_give_the_same_file(passages: Vectors, tmp_path: Path) -> None:
    for name in ("first", "second"):
        build(passages, DenseForm.INVERTED).save(tmp_path / f"{name}.faiss")
    assert (tmp_path / "first.faiss").read_bytes() == (tmp_path / "second.faiss").read_bytes()


def test_damaged_files_are_named(passages: Vectors, tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    build(passages, DenseForm.EXACT).save(path)
    summary = json.loads((tmp_path / "vectors.json").read_text())
    (tmp_path / "vectors.json").write_text(json.dumps({**summary, "form": "inverted"}))
    with pytest.raises(ValueError, match=r"vectors\.faiss: holds a IndexFlat.*, which is not the inverted form"):
        DenseIndex.load(path)
    (tmp_path / "vectors.json").write_text(json.dumps(summary))
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ValueError, match=r"vectors\.faiss: not a readable index"):
        DenseIndex.load(path)
    path.unlink()
    with pytest.raises(ValueError, match=r"vectors\.faiss: not a readable index"):
        DenseIndex.load(path)


def test_the_form_follows_the_size() -> None:
    assert form_for(0) is form_for(EXACT_UP_TO) is DenseForm.EXACT
    assert form_for(EXACT_UP_TO + 1) is form_for(10_000_000) is DenseForm.INVERTED


def test_the_lists_are_used_again_while_hardly_anything_changed(passages: Vectors) -> None:
    def again(like: DenseIndex, vectors: Vectors, changed: int) -> DenseIndex:
        chunks = in_chunks(vectors)
        return DenseIndex.build(
            chunks, len(vectors), DIMENSION, choose=lambda _: DenseForm.INVERTED, like=like, changed=changed
        )

    first = DenseIndex.build(in_chunks(passages), len(passages), DIMENSION, choose=lambda _: DenseForm.INVERTED)
    some = len(passages) // 20
    moved = np.concatenate([passages[some:], some_vectors(some)])
    second = again(first, moved, 2 * some)
    assert second.summary == replace(first.summary, changed=2 * some)
    assert np.array_equal(second.vectors(np.arange(len(moved) - some)), first.vectors(np.arange(some, len(passages))))
    _, rows = second.search(moved[:50], 1)
    assert (rows[:, 0] == np.arange(50)).mean() > 0.9
    assert again(second, moved, 0).summary.changed == 2 * some
    assert again(second, moved, 1).summary.changed == 0, "more than a tenth have come and gone: divided anew"
    assert len(first) == len(passages), "what was built upon is left as it was"


@pytest.mark.parametrize("form", DenseForm)
def test_the_threads_of_others_are_left_alone(form: DenseForm) -> None:
    import faiss

    before = faiss.omp_get_max_threads()
    seen: list[int] = []

    def vectors() -> Iterator[Vectors]:
        for chunk in in_chunks(some_vectors(2_000)):
            seen.append(faiss.omp_get_max_threads())
            yield chunk

    try:
        faiss.omp_set_num_threads(3)
        index = DenseIndex.build(vectors(), 2_000, DIMENSION, choose=lambda _: form, threads=1)
        index.search(some_vectors(1), 5)
        assert faiss.omp_get_max_threads() == 3
        assert set(seen) == {3}
    finally:
        faiss.omp_set_num_threads(before)
