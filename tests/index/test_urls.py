from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.urls import canonical_url, is_web_url


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://Example.org/a/", "https://www.example.org/a"),
        ("https://arxiv.org/pdf/1912.01683.pdf", "https://arxiv.org/abs/1912.01683v7"),
        ("https://youtu.be/abc", "https://www.youtube.com/watch?v=abc&feature=share"),
        ("https://example.org/a#part", "https://example.org/a?utm_source=x"),
        ("https://example.org:443/a", "https://example.org/a"),
    ],
)
def test_spellings_of_one_page(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a", "https://example.org/b"),
        ("https://example.org/a?id=1", "https://example.org/a?id=2"),
        ("https://arxiv.org/abs/1912.01683", "https://arxiv.org/abs/1912.01684"),
        ("https://example.org:8080/a", "https://example.org/a"),
    ],
)
def test_different_pages(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://example.org", "https://", "//example.org", "data:x", "http://["]
)
def test_what_is_never_a_link(url: str) -> None:
    assert not is_web_url(url)


@given(st.text(max_size=60))
def test_any_text_is_handled_and_stays_canonical(text: str) -> None:
    for url in (text, f"https://{text}"):
        is_web_url(url)
        canonical_url(url)
