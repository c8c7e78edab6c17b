from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from index.library import Library, read_library
from index.page_reader import read_page
from index.passages import Passage, PassageKind, cut_library, cut_page
from index.plain import plain_text
from index.problems import Problems
from tests.support.pages import write_library


def count_words(text: str) -> int:
    return len(text.split())


def cut(body: str, window: int = 60) -> list[Passage]:
    result = read_page(f"---\ntitle: T\nsummary: S.\n---\n# Basic\n\n{body}".encode(), file="t.md", slug="t", lang="en")
    assert result.page is not None
    library = Library(Path(), {("en", "t"): result.page}, {}, (), Problems(), "")
    return cut_page(result.page, library, count_tokens=count_words, window=window)


def test_summary_depths_and_references_are_passages(tmp_path: Path) -> None:
    library = read_library(write_library(tmp_path, {"kettle-drift": "kettledrift"}))
    passages = list(cut_library(library, count_tokens=count_words, window=256))
    assert [(passage.kind, passage.level) for passage in passages] == [
        (PassageKind.SUMMARY, None),
        (PassageKind.TEXT, "basic"),
        (PassageKind.TEXT, "basic"),
        (PassageKind.TEXT, "intermediate"),
        (PassageKind.TEXT, "advanced"),
        (PassageKind.REFERENCE, "advanced"),
    ]
    reference = passages[-1]
    assert reference.url == "https://example.org/kettle-drift"
    assert reference.file == "references/kettle-drift.yaml"
    assert reference.embedding_text()[0].startswith("Kettle Drift (Advanced). Kettle Drift: A Survey. Argues")
    assert len({passage.id for passage in passages}) == len(passages)


def test_headings_and_short_lines_join_what_follows() -> None:
    long = "word " * 30
    (_, first) = cut(f"## A part\n\nThree reasons:\n\n- {long.strip()}")
    assert first.text == f"## A part\n\nThree reasons:\n\n- {long.strip()}"
    assert (first.first_line, first.last_line) == (7, 11)


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    sentences = [f"Sentence number {number} has exactly eight words here." for number in range(30)]
    pieces = [passage.text for passage in cut(" ".join(sentences))][1:]
    assert len(pieces) > 3
    assert " ".join(pieces) == " ".join(sentences)
    assert all(piece.startswith("Sentence") and piece.endswith("here.") for piece in pieces)


def test_ids_do_not_depend_on_what_stands_before() -> None:
    one, two = "First paragraph. " * 20, "Second paragraph. " * 20
    before = {passage.text: passage.id for passage in cut(f"{one}\n\n{two}")}
    after = {passage.text: passage.id for passage in cut(f"{'New paragraph. ' * 20}\n\n{one}\n\n{two}")}
    assert before.items() <= after.items()


def without_blanks(text: str) -> str:
    """Between joined blocks a line of blanks becomes an empty one; nothing else may change."""
    return "\n".join(line if line.strip() else "" for line in text.split("\n"))


WORDS = st.sampled_from(
    ["one", "two.", "three!", "\n", "\n\n", "- ", "## ", "**bold**", "[x](http://a.b)", "`c`", ":", "1. "]
)


@given(st.lists(WORDS, max_size=150))
def test_passages_are_exact_text_in_order_and_keep_to_the_window(words: list[str]) -> None:
    body = " ".join(words)
    source = f"---\ntitle: T\nsummary: S.\n---\n# Basic\n\n{body}\n\nEnd.".split("\n")
    for passage in cut(f"{body}\n\nEnd.")[1:]:
        quoted = source[passage.first_line - 1 : passage.last_line]
        assert without_blanks(passage.text) in without_blanks("\n".join(quoted))
        words_to_embed, spans = passage.embedding_text()
        assert len(spans) == len(passage.sentences)
        assert all(0 <= start <= end <= len(words_to_embed) for start, end in spans)
        longest = max((count_words(plain_text(passage.text[start:end])) for start, end in passage.sentences), default=0)
        assert count_words(words_to_embed) <= max(60, longest + 5)


def test_plain_text_is_what_a_reader_sees() -> None:
    markdown = (
        'See [the **idea**]({{< ref "x" >}}) and `code`, _not_ snake_case. ![pic](a.png)\n- [L](http://a.b/c_(d))'
    )
    assert plain_text(markdown) == "See the idea and code, not snake_case. pic L"
