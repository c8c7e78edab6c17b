"""Questions to vectors without torch: the model's exported form, run by onnxruntime."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.embedding import ModelError, Vectors, unit
from index.onnx_session import open_session

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"
FORM_FILE = "form.json"
OUTPUT = "sentence_embedding"


@dataclass(frozen=True, slots=True)
class ModelForm:
    """What must be known of an exported model to run it.

    Attributes:
        precision: of its weights, `int8` or `float32`.
        inputs: the names of what it takes, of shape (batch, tokens) each.
        window: the most tokens that it reads, special ones included.
        dimension: length of its vectors.
    """

    precision: str
    inputs: tuple[str, ...]
    window: int
    dimension: int

    def save(self, folder: Path) -> None:
        """Write it beside the model."""
        values = {name: getattr(self, name) for name in self.__slots__}
        (folder / FORM_FILE).write_text(json.dumps(values), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> ModelForm:
        """Read it.

        Raises:
            ModelError: it is missing or says something else.
        """
        try:
            values = json.loads((folder / FORM_FILE).read_text(encoding="utf-8"))
            return cls(
                str(values["precision"]),
                tuple(map(str, values["inputs"])),
                int(values["window"]),
                int(values["dimension"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{folder / FORM_FILE}: cannot be read ({type(error).__name__})") from error


class OnnxEncoder:
    """An exported model on one thread; safe to use from several threads at once."""

    def __init__(self, folder: Path, checksum: str) -> None:
        """Load the exported model.

        Args:
            folder: holds the model, its tokenizer and its form.
            checksum: of the model that it was exported from, whose vectors it is compared with.

        Raises:
            ModelError: a file is missing or is not what it should be.
        """
        from tokenizers import Tokenizer

        self.checksum = checksum
        self._form = ModelForm.load(folder)
        try:
            self._tokenizer: Any = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
            self._session: Any = open_session(folder / MODEL_FILE)
        except Exception as error:  # both libraries raise exceptions of their own for a broken file
            raise ModelError(f"{folder}: cannot be loaded as an exported model: {error}") from error
        # Model folders have a length to cut and to pad to baked in, which is not the window of the model.
        self._tokenizer.enable_truncation(self._form.window)
        self._tokenizer.no_padding()

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return self._form.dimension

    @property
    def precision(self) -> str:
        """Of the weights, `int8` or `float32`."""
        return self._form.precision

    def encode_query(self, query: str) -> Vectors:
        """Return the unit vector (d,) of a question."""
        vector: Vectors = self.encode_queries([query])[0]
        return vector

    def encode_queries(self, queries: Sequence[str]) -> Vectors:
        """Return the unit vectors (n, d) of questions, computed as one batch."""
        encoded = [self._tokenizer.encode(query.strip()).ids for query in queries]
        longest = max(map(len, encoded), default=0)
        ids = np.zeros((len(encoded), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(encoded):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        given: dict[str, NDArray[np.int64]] = {
            "input_ids": ids,
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(ids),
        }
        (vectors,) = self._session.run([OUTPUT], {name: given[name] for name in self._form.inputs})
        return unit(vectors)
