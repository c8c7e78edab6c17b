from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index import embedding
from index.embedding import ModelError, ModelFiles, find_model


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
