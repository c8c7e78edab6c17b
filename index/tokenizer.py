"""The embedding model's tokenizer alone: ready in milliseconds, without torch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from index.embedding import ModelError, ModelFiles

_DEFAULT_WINDOW = 512


@dataclass(frozen=True, slots=True)
class ModelTokenizer:
    """Counts tokens as the model does; `window` is the most that it reads, special tokens included."""

    window: int
    _tokenizer: Any

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text takes, without the special ones."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)


def load_tokenizer(files: ModelFiles) -> ModelTokenizer:
    """Load the tokenizer of a model.

    Raises:
        ModelError: the model's folder holds none that can be used without the model.
    """
    from tokenizers import Tokenizer

    path = files.folder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises plain exceptions of its own
        raise ModelError(f"{path}: cannot be read as a tokenizer: {error}") from error
    # Model folders have a length to cut and to pad to baked in, which is not the window of the model.
    tokenizer.no_truncation()
    tokenizer.no_padding()
    try:
        settings = json.loads((files.folder / "sentence_bert_config.json").read_text(encoding="utf-8"))
        window = int(settings["max_seq_length"])
    except (OSError, ValueError, KeyError, TypeError):
        window = _DEFAULT_WINDOW
    return ModelTokenizer(window, tokenizer)
