from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.problems import Problems, Severity
from index.references import by_canonical_url, read_references

GOOD = """https://example.org/a:
  title: A Work
  authors: [Ada Lovelace, Grace Hopper]
  year: 1952
  kind: paper
  summary: >-
    It claims something
    and shows it.
  checked: by hand
https://example.org/b:
  title: "Another: Work"
  summary: Short.
"""


def test_all_fields() -> None:
    problems = Problems()
    first, second = read_references(GOOD.encode(), file="r.yaml", problems=problems)
    assert problems == []
    assert first.title == "A Work"
    assert first.authors == ("Ada Lovelace", "Grace Hopper")
    assert (first.year, first.kind, first.checked) == (1952, "paper", "by hand")
    assert first.summary == "It claims something and shows it."
    assert (first.first_line, first.last_line) == (1, 9)
    assert second.title == "Another: Work"
    assert (second.first_line, second.last_line) == (10, 12)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("- a list", 1, "key: value"),
        ("a: b", 1, "not a web address"),
        ("javascript:alert(1):\n  title: x", 1, "not a web address"),
        ("https://a.b/c: text", 1, "no fields"),
        ("https://a.b/c:\n  summary: x", 1, "no title"),
        ("x: &a [1]\ny: *a", 2, "aliases"),
        ("\n".join(" " * depth + f"k{depth}:" for depth in range(40)), 21, "nested too deep"),
        ("[" * 100, 1, "nested too deep"),
        ("a: b: c", 1, "not valid YAML"),
        ("x" * 500_001, 1, "bytes"),
        ("%TAG !a! x\n" * 40_000, 1, "directives"),
        ("https://a.b/c:\n  title: [", 2, "not valid YAML"),
        ("https://a.b/c:\n  title: x\n\n\u2028https://a.b/d: [", 4, "not valid YAML"),
    ],
)
def test_what_cannot_be_used_says_why(text: str, line: int, message: str) -> None:
    problems = Problems()
    assert read_references(text.encode(), file="r.yaml", problems=problems) == []
    assert (problems[0].line, problems[0].severity) == (line, Severity.ERROR)
    assert message in problems[0].message


def test_one_bad_entry_does_not_stop_the_others() -> None:
    problems = Problems()
    found = read_references(("nonsense: 1\n" + GOOD).encode(), file="r.yaml", problems=problems)
    assert len(found) == 2
    assert len(problems) == 1


def test_two_spellings_of_one_page_are_one_reference() -> None:
    problems = Problems()
    urls = {"A": "https://arxiv.org/abs/1912.01683", "B": "http://arxiv.org/pdf/1912.01683v3.pdf"}
    text = "".join(f"{url}:\n  title: {title}\n  summary: S\n" for title, url in urls.items())
    found = by_canonical_url(read_references(text.encode(), file="r.yaml", problems=problems), problems)
    assert [reference.title for reference in found.values()] == ["A"]
    assert "summarised again" in problems[0].message


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read_references(data, file="r.yaml", problems=Problems())


@given(
    st.recursive(
        st.text(max_size=5), lambda inner: st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=12
    )
)
def test_any_mapping_is_read_or_refused(data: object) -> None:
    import yaml

    read_references(yaml.safe_dump({"https://a.b/c": data}).encode(), file="r.yaml", problems=Problems())
