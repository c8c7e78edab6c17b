from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from index import embedding
from index.embedding import ModelError, ModelFiles, SentenceTransformerEncoder, find_model


def test_the_default_model_is_found_and_checked(model: ModelFiles) -> None:
    assert (model.folder / "model.safetensors").is_file()
    assert len(model.checksum) == 64


def test_changed_weights_are_never_loaded(model: ModelFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "model"
    shutil.copytree(model.folder, copy)
    weights = copy / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    monkeypatch.setattr(embedding, "_packaged_model", lambda: copy)
    with pytest.raises(ModelError, match="not the published ones"):
        find_model()


def test_a_folder_is_a_model_of_ones_own(model: ModelFiles, tmp_path: Path) -> None:
    copy = tmp_path / "mine"
    shutil.copytree(model.folder, copy)
    assert find_model(str(copy)).checksum == model.checksum
    (copy / "config.json").write_text("{}")
    assert find_model(str(copy)).checksum != model.checksum


def test_an_unknown_model_is_said_so_without_asking_the_network() -> None:
    with pytest.raises(ModelError, match="no embedding model `nobody/nothing`"):
        find_model("nobody/nothing")


def test_an_untouched_model_is_remembered(tmp_path: Path) -> None:
    copy = tmp_path / "model"
    copy.mkdir()
    (copy / "config.json").write_text("{}")
    memory = tmp_path / "state" / "model.json"
    first, again = (find_model(str(copy), memory=memory) for _ in range(2))
    assert (first.checksum, first.read) == (find_model(str(copy)).checksum, True)
    assert (again.checksum, again.read) == (first.checksum, False)
    before = (copy / "config.json").stat()
    (copy / "config.json").write_text("[]")
    os.utime(copy / "config.json", ns=(before.st_atime_ns, before.st_mtime_ns))
    changed = find_model(str(copy), memory=memory)
    assert changed.read
    assert changed.checksum != first.checksum
    memory.write_text("not JSON")
    assert find_model(str(copy), memory=memory) == changed


def test_a_remembered_model_is_read_before_it_is_loaded(tmp_path: Path) -> None:
    copy = tmp_path / "model"
    copy.mkdir()
    (copy / "config.json").write_text("{}")
    memory = tmp_path / "model.json"
    find_model(str(copy), memory=memory)
    known = json.loads(memory.read_text())
    memory.write_text(json.dumps({**known, "checksum": "0" * 64}))
    forged = find_model(str(copy), memory=memory)
    assert (forged.checksum, forged.read) == ("0" * 64, False)
    with pytest.raises(ModelError, match="changed without a trace"):
        SentenceTransformerEncoder(forged)
