from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.markup import discord_text, escape, link, mark, shorten, unescape, without_mentions

U = "https://example.org/a"


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        (f"a [link]({U}) here", f"a [link]({U}) here"),
        (f"[https://good.example]({U})", f"<{U}>"),
        ("[page](other.md)", "page"),
        ("[x](javascript:alert(1))", "x"),
        (f"[a (b)]({U}_(c))", "[a (b)](https://example.org/a_%28c%29)"),
        ('[idea]({{< ref "idea" >}})', "idea"),
        ("{{< youtube abc >}}text", "text"),
        ("![alt](x.png) text", "alt text"),
        ("one\ntwo", "one two"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("one\n- a\n- b", "one\n- a\n- b"),
        ("#### Deep", "**Deep**"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "```\n| a | b |\n|---|---|\n| 1 | 2 |\n```"),
        ("```\n[a](b) @x\n```", "```\n[a](b) @x\n```"),
        ("<b>bold</b> 1 < 2", "bold 1 < 2"),
        ("a || b", r"a \|\| b"),
    ],
)
def test_markdown_as_discord_shows_it(markdown: str, shown: str) -> None:
    assert discord_text(markdown) == shown


@given(st.text(max_size=200))
def test_nothing_is_ever_a_live_mention(text: str) -> None:
    for said in (
        discord_text(f"{text} @everyone <@1> <@&2> <#3> {text}"),
        escape(text + "@here<@!1>"),
        without_mentions(text),
    ):
        assert not re.search(r"@everyone|@here|<@[!&]?\d+>|<#\d+>", said)


@given(st.text(max_size=200).filter(lambda text: "\u200b" not in text))
def test_escaped_words_come_back(text: str) -> None:
    assert unescape(escape(text)) == text


@given(st.text(max_size=400), st.integers(min_value=20, max_value=300))
def test_shortened_text_keeps_to_the_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


def test_text_is_cut_after_a_sentence() -> None:
    assert shorten("First sentence here. Second one is longer than that. Third.", 40) == "First sentence here. …"


def test_the_marked_sentence_is_bold_and_nothing_else_changes() -> None:
    assert mark("One. Two. Three.", (5, 9)) == "One. **Two.** Three."
    assert mark("- Item one.\n- Item two.", (12, 23)) == "- Item one.\n- **Item two.**"
    assert mark("Has *stars* in it.", (0, 18)) == "__Has *stars* in it.__"
    assert mark("Has *stars* and _lines_.", (0, 24)) == "Has *stars* and _lines_."


@given(st.text(max_size=100), st.data())
def test_marking_only_adds_marks(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    marked = mark(text, (start, end))
    assert marked == text or marked.replace("**", "", 2) == text or marked.replace("__", "") == text.replace("__", "")


@pytest.mark.parametrize("url", ["javascript:x", "ftp://a.b", "", "https://a.b/<c>", "https://a.b/ c"])
def test_what_is_no_web_address_is_only_its_label(url: str) -> None:
    assert link("label", url) == "label"


@pytest.mark.parametrize(
    "text",
    [
        "[click](dis<b>cord://x)",
        "[click](discor[click]()[click](())[click]()d://x)",
        "[a]([click](())javascript:x)",
        "[a](java[b](java[c](java[d](java[e](java[f](java[g](x)script:1)script:1)script:1)script:1)script:1)script:1)",
    ],
)
def test_what_is_left_of_links_and_tags_makes_no_new_link(text: str) -> None:
    assert not re.search(r"\]\((?!https?:)", discord_text(text))


def test_half_a_character_can_be_sent() -> None:
    assert escape("what is \ud83d").encode().endswith(b"?")
