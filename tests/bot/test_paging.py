from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.paging import pages, pieces

LINK = "[A paper about kettles](https://example.org/kettles)"
SENTENCE = st.text("abc ", min_size=3, max_size=60).map(lambda words: f"{words.strip() or 'a'}. ")
PARAGRAPH = st.lists(st.one_of(SENTENCE, st.just(f"See {LINK}. "), st.just("**Bold words** here. ")), min_size=1).map(
    lambda parts: "".join(parts).strip()
)


def bare(text: str) -> str:
    """Return a text without white space and without the marks that paging may close and open again."""
    return re.sub(r"\s|\*\*|```", "", text)


@given(st.lists(PARAGRAPH, max_size=12), st.integers(150, 900))
def test_pages_keep_to_the_room_and_lose_neither_word_nor_link(blocks: list[str], room: int) -> None:
    found = pages(blocks, room)
    assert all(len(page) <= room for page in found)
    assert bare("".join(found)) == bare("".join(blocks))
    assert sum(page.count(LINK) for page in found) == sum(block.count(LINK) for block in blocks)


@given(st.text(max_size=3000), st.integers(20, 400))
def test_any_text_is_cut_into_pieces_that_fit(text: str, room: int) -> None:
    found = pieces(text, room)
    assert all(len(piece) <= room for piece in found)
    assert bare("".join(found)) == bare(text)


def test_a_page_ends_with_a_sentence() -> None:
    text = "This is a sentence of some words. " * 30
    assert all(page.endswith("words.") for page in pages([text], 200))


def test_short_blocks_stay_together_and_long_ones_begin_a_page() -> None:
    assert pages(["one", "two", "x" * 95], 100) == ["one\n\ntwo", "x" * 95]
    assert pages([], 100) == [""]


def test_code_goes_on_as_code_on_the_next_page() -> None:
    text = "```\n" + "\n".join(f"line {number} of code" for number in range(40)) + "\n```"
    found = pieces(text, 200)
    assert len(found) > 3
    assert all(piece.startswith("```") and piece.endswith("```") for piece in found)


def test_a_link_is_not_cut_even_where_the_page_ends_inside_it() -> None:
    text = "word " * 30 + LINK + " word" * 30
    assert any(LINK in piece for piece in pieces(text, 170))


def test_no_room_is_refused() -> None:
    with pytest.raises(ValueError, match="no text fits"):
        pieces("some text", 5)
