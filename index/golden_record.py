"""Which golden questions each generation answered right when it was built, for when it cannot be asked any more."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

_FILE = "golden-answers.json"


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    generation: str
    right: tuple[str, ...]


def write_record(state: Path, generation: str, right: Sequence[str]) -> None:
    """Keep what the generation that serves answers right."""
    record = _Record(generation=generation, right=tuple(right))
    temporary = state / f".golden-{secrets.token_hex(6)}"
    temporary.write_text(record.model_dump_json(), encoding="utf-8")
    temporary.replace(state / _FILE)


def read_record(state: Path, generation: str) -> frozenset[str] | None:
    """Return what a generation answered right, None when that was not kept."""
    try:
        record = _Record.model_validate_json((state / _FILE).read_bytes())
    except (OSError, ValidationError):
        return None
    return frozenset(record.right) if record.generation == generation else None
