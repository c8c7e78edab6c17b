"""What all contenders serve: the passages of the shipped library, with the vectors that its index has."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from bot.config import Settings
from bot.evaluation.questions import read_evaluation
from bot.local_answers import build
from index.embedding import find_model
from index.generation_store import GenerationStore
from tests.bench.serving.contenders.course import MODEL, PASSAGES, QUESTIONS, VECTORS

EVALUATION = Path(__file__).resolve().parents[2] / "eval"


def write_material(folder: Path, settings: Settings) -> int:
    """Write the material into a folder, building the index first where that is needed; return how many questions.

    Every contender searches the same rows: all that Fathom searches, of which it shows only some.
    """
    build(settings, lambda _: None)
    generation = GenerationStore(settings.state.path).open_best()
    assert generation is not None
    folder.mkdir(parents=True, exist_ok=True)
    texts = [passage.embedding_text()[0] for passage in generation.passages]
    questions = [item.text for item in read_evaluation(EVALUATION) if not item.turns]
    (folder / PASSAGES).write_text(json.dumps(texts), encoding="utf-8")
    (folder / QUESTIONS).write_text(json.dumps(questions), encoding="utf-8")
    (folder / MODEL).write_text(str(find_model(settings.model.name).folder), encoding="utf-8")
    (folder / "fathom.txt").write_text(
        f"{settings.knowledge.path.absolute()}\n{settings.state.path.absolute()}", encoding="utf-8"
    )
    np.save(folder / VECTORS, generation.vectors)
    return len(questions)
