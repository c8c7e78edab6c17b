"""The limit: the exported model alone, without any search."""

from __future__ import annotations

from pathlib import Path

import course


def load(material: course.Material) -> course.Answer:
    from index.fast_encoder import OnnxEncoder
    from index.generation_store import GenerationStore
    from index.serving_form import FAST

    state = Path((material.folder / "fathom.txt").read_text(encoding="utf-8").split("\n")[1])
    store = GenerationStore(state)
    encoder = OnnxEncoder(store.folder / str(store.current_name()) / FAST, "")
    return encoder.encode_query


if __name__ == "__main__":
    course.run(load)
