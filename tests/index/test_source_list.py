from __future__ import annotations

import pytest

from index.page import Block, BlockKind
from index.source_list import read_sources

U, V = "https://example.org/a_(b)", "https://arxiv.org/pdf/1912.01683.pdf"


def listed(text: str, kind: BlockKind = BlockKind.LIST) -> list[tuple[str | None, str]]:
    result = read_sources((Block(kind, text, 10),))
    assert result.prose == ()
    return [(source.title, source.url) for source in result.sources]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (U, None),
        (f"A Title {U}", "A Title"),
        (f"A Title: {U}", "A Title"),
        (f"A Title: with colon: {U}", "A Title: with colon"),
        (f'"A Title" {U}', "A Title"),
        (f'"A Title": {U}', "A Title"),
        (f"“A Title”: {U}  ", "A Title"),
        (f"[A Title]({U})", "A Title"),
        (f"[A [nested] Title]({U})", "A [nested] Title"),
        (f"[A Title]({U}), by Somebody", "A Title"),
        (f"<{U}>", None),
        (f"A Title - {U}.", "A Title"),
    ],
)
@pytest.mark.parametrize("bullet", ["- ", "* ", "1. ", ""])
def test_every_form_of_a_reference(line: str, title: str | None, bullet: str) -> None:
    kind = BlockKind.LIST if bullet else BlockKind.TEXT
    assert listed(bullet + line, kind) == [(title, U)]


def test_title_on_one_line_and_address_on_the_next() -> None:
    assert listed(f"A Title\n{U}\nAnother\n{V}", BlockKind.TEXT) == [("A Title", U), ("Another", V)]
    assert listed(f"- A Title\n  {U}\n- {V}") == [("A Title", U), (None, V)]


def test_title_in_its_own_paragraph() -> None:
    result = read_sources((Block(BlockKind.TEXT, "A Title", 1), Block(BlockKind.TEXT, U, 3)))
    assert [(source.title, source.url, source.line) for source in result.sources] == [("A Title", U, 3)]
    assert result.prose == ()


def test_note_lines_are_passed_over() -> None:
    assert listed(f"(Links in Englisch)\n{U}", BlockKind.TEXT) == [(None, U)]


def test_prose_with_links_stays_prose_and_its_links_count() -> None:
    prose = Block(
        BlockKind.TEXT,
        f"The first result is [a paper]({U}), and it was widely discussed in the years after. See {V}.",
        4,
    )
    result = read_sources((prose,))
    assert result.prose == (prose,)
    assert [(source.title, source.url) for source in result.sources] == [("a paper", U), (None, V)]


def test_the_same_page_twice_is_one_source_with_its_title() -> None:
    assert listed(f"- {V}\n- [Power](https://arxiv.org/abs/1912.01683v2)") == [("Power", V)]


def test_only_web_addresses_are_sources() -> None:
    result = read_sources((Block(BlockKind.LIST, "- [x](javascript:alert(1))\n- [y](ftp://example.org)", 1),))
    assert result.sources == ()


def test_long_hostile_lines_are_quick() -> None:
    for line in ("[" * 50_000, "a " * 50_000, "[x](" * 20_000, "https://" * 20_000, ": - " * 50_000):
        read_sources((Block(BlockKind.TEXT, line, 1),))
