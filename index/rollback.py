"""Going back to a generation that was kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.build_lock import build_lock
from index.generation import GenerationError, Manifest
from index.generation_store import GenerationStore
from index.hold import Hold, HoldReason, fingerprint, put_hold, release
from index.library import LibraryError, content_hash


class RollbackError(Exception):
    """A generation that cannot be gone back to; what serves is unchanged."""


@dataclass(frozen=True, slots=True)
class KeptGeneration:
    """A generation that this installation wrote and still has; `serving` says whether it is the current one."""

    name: str
    manifest: Manifest
    serving: bool


@dataclass(frozen=True, slots=True)
class RolledBack:
    """What serves now, and what did before; `held` says that the content on disk is not what it was built from."""

    to: KeptGeneration
    before: str | None
    held: bool


def kept_generations(store: GenerationStore) -> list[KeptGeneration]:
    """Return what can be gone back to, newest first; what is damaged or of another format is left out."""
    current = store.current_name()
    kept: list[KeptGeneration] = []
    for name in store.names():
        try:
            kept.append(KeptGeneration(name, store.manifest(name), name == current))
        except GenerationError:
            continue
    return kept


def roll_back(state: Path, knowledge: Path, wanted: str | None, *, model_checksum: str) -> RolledBack:
    """Make a kept generation the one that serves, and hold it until the content or its golden questions change.

    Args:
        state: where generations live.
        knowledge: the content folder, which need not exist.
        wanted: a generation's name, or the beginning or end of one; None for the one before that which serves.
        model_checksum: the model in use; a generation made with another one cannot be searched with it.

    Raises:
        RollbackError: there is no such generation, it is damaged, or a build is running.
    """
    store = GenerationStore(state)
    with build_lock(state, RollbackError("a build is running; wait for it to end, then go back"), RollbackError):
        before = store.current_name()
        target = _choose(kept_generations(store), wanted)
        if target.manifest.model_checksum != model_checksum:
            raise RollbackError(f"{target.name} was built with another model ({target.manifest.model})")
        try:
            store.open(target.name)
        except GenerationError as error:
            raise RollbackError(f"it is damaged: {error}") from error
        try:
            content = content_hash(knowledge)
        except LibraryError:
            content = ""
        held = content != target.manifest.content_hash
        if held:
            # Before the pointer moves: killed in between, the newer generation is held, which costs nothing.
            mark = fingerprint(knowledge, content)
            put_hold(state, Hold(reason=HoldReason.ROLLBACK, content=mark, model=model_checksum))
        store.point_to(target.name)
        if not held:
            release(state)
        return RolledBack(target, before, held)


def _choose(kept: list[KeptGeneration], wanted: str | None) -> KeptGeneration:
    if wanted is None:
        places = [place for place, item in enumerate(kept) if item.serving]
        older = kept[places[0] + 1 :] if places else kept
        if not older:
            raise RollbackError("no earlier generation was kept")
        return older[0]
    exact = [item for item in kept if item.name == wanted]
    found = exact or [item for item in kept if wanted and (item.name.startswith(wanted) or item.name.endswith(wanted))]
    if len(found) != 1:
        known = ", ".join(item.name for item in kept[:5]) or "none"
        problem = "is not a generation that was kept" if not found else "means more than one generation"
        raise RollbackError(f"`{wanted[:60]}` {problem}; kept are: {known}")
    if found[0].serving:
        raise RollbackError(f"{found[0].name} is being served already")
    return found[0]
