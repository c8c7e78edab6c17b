from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as of_numpy
from onnx import numpy_helper

from index.byte_vectors import ByteVectors, write_bytes
from index.dense_index import DenseIndex
from index.dense_summary import DenseForm
from index.embedding import Vectors, unit

COUNT, DIMENSION = 700, 384
# Half a step of 127 in a component of unit vectors that are as uneven as a model's, over all components.
CLOSE = 4e-3


@pytest.fixture(scope="module")
def passages() -> Vectors:
    return unit(np.random.default_rng(1).standard_normal((COUNT, DIMENSION)))


@pytest.fixture(scope="module")
def file(passages: Vectors, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("bytes") / "vectors.onnx"
    write_bytes(passages, file)
    return file


def opened(file: Path, count: int = COUNT, dimension: int = DIMENSION) -> ByteVectors:
    found = ByteVectors.load(file, count, dimension)
    assert found is not None
    return found


def test_cosines_are_those_of_the_vectors(file: Path, passages: Vectors) -> None:
    queries = unit(passages[:40] + np.random.default_rng(2).standard_normal((40, DIMENSION)) / 20)
    found = opened(file).similarities(queries)
    assert found.dtype == np.float32
    assert found == pytest.approx(queries @ passages.T, abs=CLOSE)
    assert found.argmax(axis=1).tolist() == list(range(40))


def test_company_changes_nothing(file: Path, passages: Vectors) -> None:
    vectors = opened(file)
    together = vectors.similarities(passages[:17])
    assert all((vectors.similarities(passages[row : row + 1])[0] == together[row]).all() for row in range(17))


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_any_vectors_can_be_compared(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    count, dimension = data.draw(st.integers(1, 9)), data.draw(st.integers(1, 40))
    values = st.floats(-1, 1, width=32)
    passages, queries = (
        unit(data.draw(of_numpy.arrays(np.float32, (rows, dimension), elements=values))) for rows in (count, 2)
    )
    file = tmp_path_factory.mktemp("any") / "vectors.onnx"
    write_bytes(passages, file)
    found = opened(file, count, dimension).similarities(queries)
    # Both sides are off by at most half a step in each component.
    steps = (np.abs(passages).max(axis=1)[None] + np.abs(queries).max(axis=1)[:, None]) / 127
    assert (np.abs(found - queries @ passages.T) <= steps * dimension**0.5 + 1e-6).all()


def test_a_damaged_file_is_refused(file: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "vectors.onnx"
    damaged.write_bytes(file.read_bytes()[:-5_000])
    with pytest.raises(ValueError, match=r"vectors\.onnx: cannot be read"):
        ByteVectors.load(damaged, COUNT, DIMENSION)
    with pytest.raises(ValueError, match="does not hold 9 vectors of length 384"):
        ByteVectors.load(file, 9, DIMENSION)
    with pytest.raises(ValueError, match=r"vectors\.onnx: cannot be read"):
        ByteVectors.load(file, COUNT, DIMENSION + 1)


def test_where_sums_come_out_otherwise_full_precision_is_compared(passages: Vectors, tmp_path: Path) -> None:
    DenseIndex.build([passages], COUNT, DIMENSION, choose=lambda _: DenseForm.EXACT).save(tmp_path / "vectors.faiss")
    model = onnx.load(str(tmp_path / "vectors.onnx"))
    codes = next(item for item in model.graph.initializer if item.name == "codes")
    values = numpy_helper.to_array(codes).copy()
    values[:, -1] = 100  # what a processor finds whose sums stop at a largest number
    codes.CopyFrom(numpy_helper.from_array(values, "codes"))
    onnx.save(model, str(tmp_path / "vectors.onnx"))
    assert ByteVectors.load(tmp_path / "vectors.onnx", COUNT, DIMENSION) is None
    index = DenseIndex.load(tmp_path / "vectors.faiss")
    assert index.similarities(passages[:5]) == pytest.approx(passages[:5] @ passages.T, abs=1e-6)
