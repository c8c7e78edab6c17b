"""Whether a build that nobody asked for should run."""

from __future__ import annotations

from pathlib import Path

from index.embedding import ModelFiles
from index.generation import GenerationError
from index.generation_store import GenerationStore
from index.hold import fingerprint, read_hold
from index.library import content_hash


def build_is_due(state: Path, knowledge: Path, model: ModelFiles) -> bool:
    """Say whether the content or the model changed since the generation that serves was built.

    After a rollback, or a swap that was refused, a hold stands: the same content is not tried again by itself,
    only when somebody asks for it.

    Raises:
        LibraryError: the content folder does not exist.
    """
    store = GenerationStore(state)
    if (name := store.current_name()) is None:
        return True
    content = content_hash(knowledge)
    try:
        manifest = store.manifest(name)
        if (manifest.content_hash, manifest.model_checksum) == (content, model.checksum):
            return False
    except GenerationError:
        pass  # damaged, so it is not what the content would make
    hold = read_hold(state)
    if hold is None or hold.model != model.checksum:
        return True
    return hold.content != fingerprint(knowledge, content)
