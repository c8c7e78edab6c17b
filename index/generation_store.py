"""The folder of generations: which one serves, and how the next one takes its place."""

from __future__ import annotations

import logging
import os
import re
import secrets
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from index.generation import (
    MANIFEST,
    SEAL,
    Generation,
    GenerationError,
    Manifest,
    checksum_of_manifest,
    read_manifest,
    seal,
    verify_files,
)
from index.vector_store import drop_vectors

_log = logging.getLogger(__name__)
_DRAFT_PREFIX = ".draft-"
_NAME = re.compile(r"^\d{8}T\d{12}-[0-9a-f]{12}$")
_KEY_BYTES = 32


class GenerationStore:
    """Generations under a state folder.

    `generations/<name>/` never change once they are there; the file `current` names the one that serves,
    and replacing that file, in one atomic rename, is the swap.
    """

    def __init__(self, state: Path) -> None:
        """Use the state folder; nothing is written before the first draft."""
        self.state = state
        self.folder = state / "generations"
        self._pointer = state / "current"
        self._key_file = state / "seal.key"

    def new_draft(self) -> Path:
        """Make an empty folder to write the next generation into, after clearing those of killed builds."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for stale in self.folder.glob(f"{_DRAFT_PREFIX}*"):
            _remove(stale)
        draft = self.folder / f"{_DRAFT_PREFIX}{secrets.token_hex(6)}"
        draft.mkdir()
        return draft

    def publish(self, draft: Path, manifest: Manifest) -> str:
        """Seal a draft, move it among the generations, and make it the one that serves; return its name."""
        data = manifest.model_dump_json(indent=2).encode()
        (draft / MANIFEST).write_bytes(data)
        (draft / SEAL).write_text(seal(data, self._key(create=True)), encoding="ascii")
        for path in [*draft.rglob("*"), draft]:
            _flush(path)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{checksum_of_manifest(data)}"
        draft.rename(self.folder / name)
        _flush(self.folder)
        self.point_to(name)
        return name

    def discard(self, draft: Path) -> None:
        """Throw a draft away."""
        _remove(draft)

    def point_to(self, name: str) -> None:
        """Make a generation the one that serves."""
        temporary = self._pointer.with_name(f".current-{secrets.token_hex(6)}")
        temporary.write_text(name + "\n", encoding="ascii")
        _flush(temporary)
        temporary.replace(self._pointer)
        _flush(self._pointer.parent)

    def current_name(self) -> str | None:
        """Return the name of the generation that serves, or None when there is none (or the file is damaged)."""
        try:
            name = self._pointer.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return name if _NAME.match(name) else None

    def names(self) -> list[str]:
        """Return all generations' names, newest first."""
        if not self.folder.is_dir():
            return []
        return sorted((path.name for path in self.folder.iterdir() if _NAME.match(path.name)), reverse=True)

    def manifest(self, name: str) -> Manifest:
        """Return a generation's manifest.

        Raises:
            GenerationError: it is not this installation's, or damaged.
        """
        if not _NAME.match(name):
            raise GenerationError(f"`{name[:60]}` is not the name of a generation")
        return read_manifest(self.folder / name, self._key())

    def open(self, name: str) -> Generation:
        """Check a generation file by file and load it.

        Raises:
            GenerationError: it is damaged, foreign or of another format; the message says which file.
        """
        manifest = self.manifest(name)
        verify_files(self.folder / name, manifest)
        try:
            return Generation(self.folder / name, manifest)
        except Exception as error:  # whatever a library raises over a strange file, it must not be served
            raise GenerationError(f"{self.folder / name}: cannot be loaded: {error}") from error

    def open_best(self) -> Generation | None:
        """Open the generation that serves, else the newest good one; None when there is none.

        Every refusal is logged with its reason.
        """
        current = self.current_name()
        for name in dict.fromkeys([*([current] if current else []), *self.names()]):
            try:
                generation = self.open(name)
            except GenerationError as error:
                _log.warning("refusing a generation: %s", error)
                continue
            if name != current:
                _log.warning("serving %s in place of %s", name, current or "a missing one")
            return generation
        return None

    def prune(self, keep: int) -> list[str]:
        """Delete all but the newest `keep` generations and the one that serves; return what was deleted."""
        current = self.current_name()
        deleted = [name for name in self.names()[max(keep, 0) :] if name != current]
        for name in deleted:
            _remove(self.folder / name)
        return deleted

    def _key(self, *, create: bool = False) -> bytes:
        with suppress(OSError):
            key = self._key_file.read_bytes()
            if len(key) == _KEY_BYTES:
                return key
        if not create:
            raise GenerationError(f"{self._key_file}: missing or damaged, so no generation can be trusted")
        temporary = self._key_file.with_name(f".seal-{secrets.token_hex(6)}")
        temporary.touch(mode=0o600)
        temporary.write_bytes(secrets.token_bytes(_KEY_BYTES))
        _flush(temporary)
        temporary.replace(self._key_file)
        return self._key_file.read_bytes()


def _remove(folder: Path) -> None:
    """Delete a folder, unless its vectors could not be dropped where they are: then the next build tries again."""
    if drop_vectors(folder):
        shutil.rmtree(folder, ignore_errors=True)


def _flush(path: Path) -> None:
    """Make sure that a file's or folder's content is on the disk before anything points to it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
