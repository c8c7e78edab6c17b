"""Remembering the checksum of a model's files for as long as nobody touches them: reading them takes a while."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Sequence
from pathlib import Path

_log = logging.getLogger(__name__)


def remembered_model(state: Path) -> Path:
    """Return the file of a state folder in which its model's checksum is remembered."""
    return state / "model.json"


def last_touched(name: str, folder: Path, files: Sequence[Path]) -> str:
    """Return what changes whenever a file of a model is written, replaced, added or taken away.

    Its time of change is the file system's own: unlike the time of the last writing, nobody can set it back.
    """
    digest = hashlib.sha256(f"{name}\0{folder.absolute()}\n".encode())
    for path in files:
        found = path.stat()
        state = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev)
        digest.update(f"{path}\0{state}\n".encode())
    return digest.hexdigest()


def recall(memory: Path, touched: str) -> str | None:
    """Return the checksum that is remembered of files in this state, if one is."""
    try:
        known = json.loads(memory.read_text(encoding="utf-8"))
        return str(known["checksum"]) if known["touched"] == touched else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(memory: Path, touched: str, checksum: str) -> None:
    """Remember the checksum of files in this state; where that cannot be written they are read again next time."""
    temporary = memory.with_name(f".{memory.name}-{secrets.token_hex(6)}")
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps({"touched": touched, "checksum": checksum}), encoding="utf-8")
        temporary.replace(memory)
    except OSError as error:
        _log.warning("%s: cannot be written (%s); the model is read at each start", memory, error.strerror)
