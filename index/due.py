"""Whether a build that nobody asked for should run."""

from __future__ import annotations

from pathlib import Path

from index.embedding import ModelFiles
from index.generation import GenerationError
from index.generation_store import GenerationStore
from index.hold import fingerprint, read_hold
from index.library import content_hash
from index.vector_store import IN_FOLDER, VectorStore


def build_is_due(state: Path, knowledge: Path, model: ModelFiles, vectors: VectorStore = IN_FOLDER) -> bool:
    """Say whether the content, the model or where vectors are kept changed since the generation that serves was built.

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
        same = (manifest.content_hash, manifest.model_checksum) == (content, model.checksum)
        if same and vectors.keeps(store.folder / name):
            return False
    except GenerationError:
        pass  # damaged, so it is not what the content would make
    hold = read_hold(state)
    if hold is None or hold.model != model.checksum:
        return True
    return hold.content != fingerprint(knowledge, content)
