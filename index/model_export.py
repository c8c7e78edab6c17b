"""Exporting a sentence-transformers model to the form that serves questions without torch."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.checksums import file_checksum
from index.fast_encoder import FORM_FILE, MODEL_FILE, OUTPUT, TOKENIZER_FILE, ModelForm

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PRECISIONS = ("int8", "float32")
"""The forms in the order they are tried: the fastest first."""

# What a transformer's export can take; a model that needs anything else is served by sentence-transformers.
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_SUMS = "sums.json"
_OPSET = 17


class ExportError(Exception):
    """A model that cannot be exported; it is served by sentence-transformers."""


def exported_model(
    models: Path, checksum: str, precision: str, get_model: Callable[[], SentenceTransformer], window: int
) -> Path:
    """Return the folder of a model's exported form, made at the first call and kept.

    Args:
        models: where exported forms are kept.
        checksum: of the model.
        precision: one of `PRECISIONS`.
        get_model: gives the model, if it must be exported.
        window: the most tokens that the model reads.

    Raises:
        ExportError: the model cannot be exported.
    """
    folder = models / f"{checksum[:16]}-{precision}"
    if not _whole(folder):
        models.mkdir(parents=True, exist_ok=True)
        aside = models / f".{secrets.token_hex(6)}"
        try:
            aside.mkdir()
            _export(get_model(), aside, precision, window)
            sums = {name: file_checksum(aside / name) for name in (MODEL_FILE, TOKENIZER_FILE, FORM_FILE)}
            (aside / _SUMS).write_text(json.dumps(sums), encoding="utf-8")
            shutil.rmtree(folder, ignore_errors=True)
            aside.rename(folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return folder


def place(exported: Path, target: Path) -> None:
    """Put an exported form into a generation; on the same disk it takes no room of its own."""
    target.mkdir(exist_ok=True)
    for name in (MODEL_FILE, TOKENIZER_FILE, FORM_FILE):
        try:
            os.link(exported / name, target / name)
        except OSError:
            shutil.copyfile(exported / name, target / name)


def _whole(folder: Path) -> bool:
    try:
        sums: dict[str, str] = json.loads((folder / _SUMS).read_text(encoding="utf-8"))
        return bool(sums) and all(file_checksum(folder / name) == known for name, known in sums.items())
    except (OSError, ValueError, AttributeError):
        return False


def _export(model: SentenceTransformer, folder: Path, precision: str, window: int) -> None:
    import torch

    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    features = {name: value for name, value in model.preprocess(["a", "b"]).items() if torch.is_tensor(value)}
    if backend is None or not set(features) <= set(_INPUTS):
        raise ExportError("it does not take tokens as a transformer does")
    names = tuple(name for name in _INPUTS if name in features)
    backend.save(str(folder / TOKENIZER_FILE))
    whole = folder / MODEL_FILE if precision == "float32" else folder / "whole.onnx"
    try:
        _export_whole(model, names, tuple(features[name] for name in names), whole)
        if precision == "int8":
            _quantise(whole, folder / MODEL_FILE)
            whole.unlink()
    except Exception as error:  # exporters fail in ways of their own for models they do not know
        raise ExportError(f"it cannot be exported: {type(error).__name__}") from error
    ModelForm(precision, names, window, int(model.get_embedding_dimension() or 0)).save(folder)


def _export_whole(model: SentenceTransformer, names: tuple[str, ...], example: tuple[Any, ...], file: Path) -> None:
    import torch

    class Sentence(torch.nn.Module):
        """The model as a function of its tokens."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *given: torch.Tensor) -> torch.Tensor:
            vectors: torch.Tensor = self.model(dict(zip(names, given, strict=True)))["sentence_embedding"]
            return vectors

    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Sentence().eval(),
            example,
            str(file),
            dynamo=False,  # the newer exporter needs packages that nothing else here does
            opset_version=_OPSET,
            input_names=list(names),
            output_names=[OUTPUT],
            dynamic_axes={**{name: {0: "batch", 1: "tokens"} for name in names}, OUTPUT: {0: "batch"}},
        )


def _quantise(whole: Path, file: Path) -> None:
    import logging

    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.getLogger().addFilter(_no_advice)
    try:
        # Per channel: one scale for a whole matrix loses a fifth of the nearest passages.
        quantize_dynamic(whole, file, per_channel=True, weight_type=QuantType.QInt8)
    finally:
        logging.getLogger().removeFilter(_no_advice)


def _no_advice(record: Any) -> bool:
    """Drop the hint that a model could be prepared before it is quantised, which changes nothing here."""
    return "pre-processing" not in record.getMessage()
