from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.terms import marked_terms


@pytest.mark.parametrize(
    ("message", "terms"),
    [
        ("what are [[RLHF]] and [[corrigibility]]?", ["RLHF", "corrigibility"]),
        ("[[RLHF]] [[rlhf]]", ["RLHF"]),
        ("[[ spaced   out ]]", ["spaced out"]),
        ("[[]] [[ ]] [not] [[not\nthis]] [[neither]", []),
        ("[[a[[b]]", ["b"]),
        ("[[" + "x" * 101 + "]]", []),
    ],
)
def test_marked_terms_are_found_once_each_in_order(message: str, terms: list[str]) -> None:
    assert marked_terms(message) == terms


@given(st.text(max_size=300))
def test_terms_of_any_text_are_visible_and_short(text: str) -> None:
    for term in marked_terms(f"[[{text}]] [[{text[:20]}]]"):
        assert term
        assert term.isprintable()
        assert len(term) <= 100
