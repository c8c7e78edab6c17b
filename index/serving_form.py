"""In which form a generation's questions are embedded: the model's exported form, if that finds the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from index.embedding import Encoder, ModelError, ModelFiles, SentenceTransformerEncoder, Vectors
from index.fast_encoder import OnnxEncoder
from index.model_export import PRECISIONS, ExportError, exported_model, place

if TYPE_CHECKING:
    from index.generation import Generation
    from index.passages import Passage

FAST = "fast"
"""The folder of the exported model inside a generation."""

_SAMPLE = 100
_NEAREST = 10
# all-MiniLM-L6-v2 with int8 weights has .993 and .86 to .91; with one scale for a whole matrix .98 and .81.
_MIN_COSINE, _MIN_OVERLAP = 0.985, 0.84


class ServingForm(BaseModel):
    """How the questions of a generation are embedded, and how near that comes to the model itself.

    Attributes:
        precision: `int8` or `float32` for an exported form; `reference` for the model in sentence-transformers.
        cosine: mean cosine between its vectors and the model's, on questions of the library.
        overlap: mean share of the ten nearest passages that are the same.
        reason: why it is not a faster form.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    precision: str = "reference"
    cosine: float = 1.0
    overlap: float = 1.0
    reason: str | None = None

    @property
    def exported(self) -> bool:
        """Whether questions are embedded without sentence-transformers."""
        return self.precision != "reference"


class Nearest(Protocol):
    """The vectors of all passages, by position."""

    def search(self, queries: Vectors, k: int) -> tuple[Vectors, NDArray[np.int64]]:
        """Return cosines and positions (q, k) of the nearest passages."""
        ...

    def vectors(self, rows: NDArray[np.int64]) -> Vectors:
        """Return the vectors (m, d) of passages by their positions (m,)."""
        ...


def choose_form(
    draft: Path, models: Path, encoder: SentenceTransformerEncoder, passages: Sequence[Passage], nearest: Nearest
) -> ServingForm:
    """Put the fastest form into a generation that finds what the model finds; say which and how near it is.

    Args:
        draft: the generation that is being written.
        models: where exported forms are kept between builds.
        encoder: the model itself.
        passages: all passages; their vectors are the model's own, so nothing is embedded twice to compare.
        nearest: their vectors.
    """
    rows = _sample(passages)
    reasons: list[str] = []
    for precision in PRECISIONS:
        try:
            folder = exported_model(models, encoder.checksum, precision, lambda: encoder.model, encoder.window)
            fast = OnnxEncoder(folder, encoder.checksum)
            cosine, overlap = _parity(fast, [passages[row].embedding_text()[0] for row in rows], rows, nearest)
        except (ExportError, ModelError) as error:
            reasons.append(f"{precision}: {error}")
            continue
        if cosine >= _MIN_COSINE and overlap >= _MIN_OVERLAP:
            place(folder, draft / FAST)
            return ServingForm(precision=precision, cosine=cosine, overlap=overlap, reason="; ".join(reasons) or None)
        reasons.append(f"{precision}: cosine {cosine:.3f}, {overlap:.0%} of the nearest passages the same")
    return ServingForm(reason="; ".join(reasons))


def load_encoder(generation: Generation, model: ModelFiles) -> Encoder:
    """Load what embeds the questions of a generation.

    Raises:
        ModelError: it cannot be loaded, or the generation was built with another model.
    """
    if generation.manifest.model_checksum != model.checksum:
        raise ModelError(f"it was built with another model than `{model.name}` is now; rebuild it")
    if generation.manifest.serving.exported:
        return OnnxEncoder(generation.folder / FAST, generation.manifest.model_checksum)
    return SentenceTransformerEncoder(model)


def _sample(passages: Sequence[Passage]) -> list[int]:
    """Return positions of passages that are most like questions: questions if there are any, else short texts."""
    rows = [row for row, passage in enumerate(passages) if not passage.quotable]
    if len(rows) < _SAMPLE:
        rows = sorted(range(len(passages)), key=lambda row: len(passages[row].text))[: 2 * _SAMPLE]
    step = max(1, len(rows) // _SAMPLE)
    return rows[::step][:_SAMPLE]


def _parity(fast: OnnxEncoder, texts: Sequence[str], rows: Sequence[int], nearest: Nearest) -> tuple[float, float]:
    """Return the mean cosine with the model's own vectors, and the mean share of equal nearest passages."""
    reference = nearest.vectors(np.array(rows, dtype=np.int64))
    vectors = np.stack([fast.encode_query(text) for text in texts])
    cosine = float((reference * vectors).sum(axis=1).mean())
    if not np.isfinite(cosine):
        return 0.0, 0.0
    # Each text finds itself, which proves nothing, so it is left out.
    found = [nearest.search(np.ascontiguousarray(side), _NEAREST + 1)[1] for side in (reference, vectors)]
    shares = [
        len(set(one) & set(two) - {row, -1}) / max(1, len(set(one) - {row, -1}))
        for one, two, row in zip(found[0].tolist(), found[1].tolist(), rows, strict=True)
    ]
    return cosine, float(np.mean(shares))
