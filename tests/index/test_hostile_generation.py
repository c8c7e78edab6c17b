"""Files of a generation that would do harm if they were believed, sealed as if this installation had written them."""

from __future__ import annotations

import json
import os
import pickle
import stat
from pathlib import Path

import numpy as np
import pytest

from index.checksums import file_checksum
from index.generation import MANIFEST, SEAL, GenerationError, checksum_of_manifest, seal
from index.generation_store import GenerationStore
from tests.fuzz.questions import light_state


class Harm:
    """Unpickled, it leaves a trace."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.trace),)


def seal_again(store: GenerationStore, name: str) -> str:
    """Make a changed generation look like one of this installation's own; return its new name."""
    folder = store.folder / name
    manifest = json.loads((folder / MANIFEST).read_bytes())
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in {MANIFEST, SEAL}]
    manifest["files"] = {path.relative_to(folder).as_posix(): file_checksum(path) for path in files}
    data = json.dumps(manifest).encode()
    (folder / MANIFEST).write_bytes(data)
    (folder / SEAL).write_text(seal(data, (store.state / "seal.key").read_bytes()))
    renamed = f"{name.rsplit('-', 1)[0]}-{checksum_of_manifest(data)}"
    folder.rename(store.folder / renamed)
    return renamed


@pytest.mark.parametrize("name", ["sentences.npy", "sentence_starts.npy", "lexical/data.csc.index.npy"])
def test_nothing_is_ever_unpickled(tmp_path: Path, name: str) -> None:
    store = GenerationStore(light_state(tmp_path))
    (generation,) = store.names()
    file = store.folder / generation / name
    assert file.is_file()
    trace = tmp_path / "trace"
    np.save(file, np.array([Harm(trace)], dtype=object), allow_pickle=True)
    generation = seal_again(store, generation)
    with pytest.raises(GenerationError, match="cannot be loaded"):
        store.open(generation)
    file = store.folder / generation / name
    file.write_bytes(pickle.dumps(Harm(trace)))
    with pytest.raises(GenerationError, match="cannot be loaded"):
        store.open(seal_again(store, generation))
    assert not trace.exists()


def test_whatever_a_library_raises_over_a_file_is_a_refusal(tmp_path: Path) -> None:
    store = GenerationStore(light_state(tmp_path))
    (generation,) = store.names()
    (store.folder / generation / "vectors.json").write_text("9")
    with pytest.raises(GenerationError, match="cannot be loaded"):
        store.open(seal_again(store, generation))


def test_the_key_that_seals_is_its_owners_alone(tmp_path: Path) -> None:
    state = light_state(tmp_path)
    assert stat.S_IMODE((state / "seal.key").stat().st_mode) == 0o600
