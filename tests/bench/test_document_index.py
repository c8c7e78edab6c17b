from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.beir import Document
from tests.bench.document_index import build_index, cut_document
from tests.bench.systems import OURS, ask, run_system, systems
from tests.bench.vectors import VectorStore
from tests.support.light_encoder import LightEncoder

LONG = " ".join(f"Sentence {number} tells of soup and spoons." for number in range(40))
DOCUMENTS = (
    Document("soup", "Soup", LONG),
    Document("kettle", "", "A kettle boils water. Steam rises."),
    Document("nothing", "", ""),
)


def test_a_long_document_is_cut_into_pieces_that_fit_with_their_title() -> None:
    encoder: Any = LightEncoder(window=64)
    pieces = cut_document(DOCUMENTS[0], encoder)
    assert len(pieces) > 1
    for text, spans in pieces:
        assert encoder.count_tokens(text) <= 62
        assert text[slice(*spans[0])] == "Soup."
        assert all(text[begin:end].startswith("Sentence") for begin, end in spans[1:])
    assert sum(len(spans) - 1 for _, spans in pieces) == 40


def test_ours_finds_a_document_by_any_of_its_pieces(tmp_path: Path) -> None:
    encoder: Any = LightEncoder(window=64)
    store = VectorStore(encoder, tmp_path / "vectors.sqlite")
    index = build_index(DOCUMENTS, encoder, store)
    assert index.similarities(encoder.encode_query("spoons")).shape == (3,)
    first = len(encoder.encoded)
    again = build_index(DOCUMENTS, encoder, store)
    assert len(encoder.encoded) == first, "the second time, nothing is embedded"
    assert np.allclose(index.sentences, again.sentences, atol=1e-3)
    whole = np.stack([item.vector for item in store.of([(item.full_text, []) for item in DOCUMENTS])])
    asked = {"1": ask("steam of a kettle", encoder, index, whole)}
    run = run_system(systems()[OURS], asked, [item.id for item in DOCUMENTS])
    assert max(run["1"], key=run["1"].__getitem__) == "kettle"
