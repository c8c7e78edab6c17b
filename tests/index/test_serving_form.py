"""The exported form of the model: it finds what the model finds, or it is not used."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.embedding import ModelError, ModelFiles, SentenceTransformerEncoder
from index.fast_encoder import FORM_FILE, MODEL_FILE, OnnxEncoder
from index.generation import GenerationError
from index.generation_store import GenerationStore
from index.model_export import exported_model
from index.serving_form import FAST, load_encoder
from tests.conftest import REPOSITORY

QUESTIONS = ["Would a robot let me switch it off?", "what is RLHF", "why?", "goal " * 400, "naïve — ünïcode 漢字"]


def test_the_shipped_model_is_served_in_eight_bits(library_state: Path) -> None:
    generation = GenerationStore(library_state).open_best()
    assert generation is not None
    serving = generation.manifest.serving
    assert (serving.precision, serving.reason) == ("int8", None)
    assert serving.cosine > 0.985
    assert serving.overlap > 0.84


def test_both_forms_are_near_the_model(
    library_state: Path, encoder: SentenceTransformerEncoder, model: ModelFiles, tmp_path: Path
) -> None:
    reference = encoder.encode_queries(QUESTIONS)
    for precision, nearest in (("int8", 0.97), ("float32", 0.99999)):
        models = library_state / "models" if precision == "int8" else tmp_path
        folder = exported_model(models, model.checksum, precision, lambda: encoder.model, encoder.window)
        fast = OnnxEncoder(folder, model.checksum)
        alone = np.stack([fast.encode_query(question) for question in QUESTIONS])
        assert np.allclose(np.linalg.norm(alone, axis=1), 1, atol=1e-5)
        assert (alone * reference).sum(axis=1).min() > nearest
        assert (fast.encode_queries(QUESTIONS) * reference).sum(axis=1).min() > nearest


def test_a_damaged_export_is_made_again(encoder: SentenceTransformerEncoder, model: ModelFiles, tmp_path: Path) -> None:
    def export() -> Path:
        return exported_model(tmp_path, model.checksum, "float32", lambda: encoder.model, encoder.window)

    file = export() / MODEL_FILE
    whole = file.stat().st_size
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(ModelError, match="cannot be loaded"):
        OnnxEncoder(file.parent, model.checksum)
    assert (export() / MODEL_FILE).stat().st_size == whole
    (file.parent / FORM_FILE).write_text(json.dumps({"precision": "float32"}))
    with pytest.raises(ModelError, match=r"form\.json"):
        OnnxEncoder(file.parent, model.checksum)


def test_another_model_is_refused(library_state: Path, model: ModelFiles) -> None:
    generation = GenerationStore(library_state).open_best()
    assert generation is not None
    with pytest.raises(ModelError, match="another model"):
        load_encoder(generation, ModelFiles("other", model.folder, "0" * 64))


def test_a_generation_whose_exported_model_was_changed_is_refused(library_state: Path, tmp_path: Path) -> None:
    import shutil

    state = shutil.copytree(library_state, tmp_path / "state")
    store = GenerationStore(state)
    name = store.current_name()
    assert name is not None
    file = store.folder / name / FAST / MODEL_FILE
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(GenerationError, match=r"model\.onnx: damaged"):
        store.open(name)


def test_answering_does_not_import_torch(library_state: Path, library_content: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom bot.config import load_settings\n"
        "from bot.local_answers import open_explainer\nfrom bot.answer import Question\n"
        "from index.levels import Level\n"
        "settings = load_settings(None, knowledge=Path(sys.argv[1]), state=Path(sys.argv[2]))\n"
        "answer = open_explainer(settings, print).explain(Question('what is corrigibility?', Level.BASIC))\n"
        "assert answer.concept.slug == 'corrigibility', answer\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'sklearn', 'discord'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(library_content), str(library_state)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
