"""Comparing questions with all vectors in 8 bits: a quarter of the memory to read, and whole-number arithmetic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.onnx_session import open_session

if TYPE_CHECKING:
    from index.embedding import Vectors

_LARGEST = 127
# What stands for zero in the unsigned numbers that a question is written in, as processors multiply those quickest.
_ZERO = 128
_QUESTION, _COSINES = "question", "cosines"
_OPSET, _IR_VERSION = 17, 8


def write_bytes(vectors: Vectors, file: Path) -> None:
    """Write unit vectors (n, d) in 8 bits, each with a scale of its own, as what onnxruntime multiplies by them.

    Behind the last comes one that is as large as can be, for `ByteVectors.load` to see whether sums overflow.
    """
    from onnx import TensorProto, helper, numpy_helper

    count, dimension = vectors.shape
    whole, scales = _whole_numbers(vectors)
    codes = np.full((dimension, count + 1), _LARGEST, dtype=np.int8)
    codes[:, :count] = whole.T
    scales = np.append(scales, np.float32(1 / (dimension * _LARGEST**2)))
    constants = {"codes": codes, "zero": np.array(_ZERO, dtype=np.uint8), "scales": scales}
    graph = helper.make_graph(
        [
            helper.make_node("MatMulInteger", [_QUESTION, "codes", "zero"], ["sums"]),
            helper.make_node("Cast", ["sums"], ["values"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["values", "scales"], [_COSINES]),
        ],
        "compare",
        [helper.make_tensor_value_info(_QUESTION, TensorProto.UINT8, ["questions", dimension])],
        [helper.make_tensor_value_info(_COSINES, TensorProto.FLOAT, ["questions", count + 1])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
    file.write_bytes(model.SerializeToString())


class ByteVectors:
    """Unit vectors in 8 bits; cosines with them are off by some thousandths at most. Safe to use from many threads."""

    def __init__(self, session: Any) -> None:
        """Wrap what multiplies; use `load`."""
        self._session = session

    @classmethod
    def load(cls, file: Path, count: int, dimension: int) -> ByteVectors | None:
        """Read what `write_bytes` wrote; None on a processor whose sums of 8-bit products overflow.

        Raises:
            ValueError: the file does not hold so many vectors of that length.
        """
        try:
            session = open_session(file)
            loud = np.full((1, dimension), _ZERO + _LARGEST, dtype=np.uint8)
            cosines = session.run([_COSINES], {_QUESTION: loud})[0]
        except Exception as error:  # onnxruntime raises exceptions of its own for a broken file
            raise ValueError(f"{file}: cannot be read ({type(error).__name__})") from error
        if cosines.shape != (1, count + 1) or cosines.dtype != np.float32:
            raise ValueError(f"{file}: does not hold {count} vectors of length {dimension}")
        return cls(session) if abs(float(cosines[0, count]) - 1) < 1 / _LARGEST**2 else None

    def similarities(self, queries: Vectors) -> NDArray[np.float32]:
        """Return the cosine of each unit vector (q, d) with every vector, (q, n); the same in whatever company."""
        whole, scales = _whole_numbers(queries)
        codes = (whole + _ZERO).astype(np.uint8)
        cosines: NDArray[np.float32] = self._session.run([_COSINES], {_QUESTION: codes})[0][:, :-1]
        return cosines * scales


def _whole_numbers(vectors: Vectors) -> tuple[Vectors, Vectors]:
    """Return vectors (n, d) in whole numbers from -127 to 127, and the scale (n, 1) of each."""
    largest = np.abs(vectors).max(axis=1, initial=0.0, keepdims=True)
    scales = np.where(largest > 0, largest / _LARGEST, 1.0).astype(np.float32)
    return np.rint(vectors / scales), scales
