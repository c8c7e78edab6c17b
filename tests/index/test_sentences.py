from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentence_spans


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Turner et al. (2019) showed it. Others agree.", ["Turner et al. (2019) showed it.", "Others agree."]),
        ("E.g. this, i.e. that. Next.", ["E.g. this, i.e. that.", "Next."]),
        ("It fell by 3.5 per cent. Then rose.", ["It fell by 3.5 per cent.", "Then rose."]),
        ("S. Russell wrote it. Fine.", ["S. Russell wrote it.", "Fine."]),
        ("He said “stop.” She did.", ["He said “stop.”", "She did."]),
        ("- one\n- two. three\n\nNew", ["- one", "- two. three", "New"]),
        ("Wrapped\nline. Next", ["Wrapped\nline.", "Next"]),
        (
            "“You can’t fetch the coffee if you are dead”, as he puts it.",
            ["“You can’t fetch the coffee if you are dead”, as he puts it."],
        ),
        ("", []),
        ("   \n ", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@given(st.text(alphabet=st.sampled_from('aB .!?\n-*1)"”é。'), max_size=80))
def test_spans_are_ordered_trimmed_and_lose_nothing(text: str) -> None:
    spans = sentence_spans(text)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())
