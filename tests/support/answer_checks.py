"""What must hold for every message that shows an answer, judged with nothing of what made it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from bot.answer import Answer, Quote
from bot.rendering import made_by
from index.passages import PassageKind
from tests.discord.judge import TEXT_DISPLAY, limit_problems, walk

_MARKDOWN = MarkdownIt("commonmark")
_SMALL_PRINT = ("-# ", "## ")
_ZERO_WIDTH_SPACE = "\u200b"


def view_problems(view: Any) -> list[str]:
    """Return which of Discord's limits a message breaks, and whom it could ping."""
    return limit_problems("/channels/1/messages", {"components": view.to_components(), "flags": 1 << 15})


def shown_texts(view: Any) -> list[str]:
    """Return the texts of a message without its headings and small print: what it quotes."""
    texts = [item["content"] for item in walk(view.to_components()) if item["type"] == TEXT_DISPLAY]
    return [text for text in texts if not text.startswith(_SMALL_PRINT)]


def links(markdown: str) -> set[str]:
    """Return the addresses that a text links to, as a browser would open them."""
    tokens = [child for token in _MARKDOWN.parse(markdown) for child in token.children or ()]
    found = {str(token.attrs["href"]) for token in tokens if token.type == "link_open"}
    return {_spelled(url) for url in found if re.match(r"https?://", url)}


def plain(markdown: str) -> str:
    """Return a text without its markup, with single spaces."""
    parts: list[str] = []
    for token in _MARKDOWN.parse(markdown.replace(_ZERO_WIDTH_SPACE, "")):
        inline = token.children or [token]
        parts += [" " if child.type in {"softbreak", "hardbreak"} else child.content for child in inline]
        parts.append(" ")
    return " ".join("".join(parts).split())


def word_problems(answer: Answer, shown: Sequence[str], *, whole: bool) -> list[str]:
    """Return where what is shown differs from the words of the passages; all of them must be there if `whole`."""
    said = plain("\n\n".join(shown))
    expected = " ".join(_quoted(quote) for quote in answer.quotes)
    same = said == expected if whole else bool(said) and expected.startswith(said)
    return [] if same else [f"{said!r}\nis not\n{expected!r}"]


def _quoted(quote: Quote) -> str:
    """Return a passage's own words, after the work that it is about."""
    words = plain(quote.passage.text)
    if quote.source is None:
        return words
    made = made_by(quote.source)
    return " ".join([quote.source.title or "", *([f"· {made}"] if made else []), words])


def link_problems(markdown: Iterable[str], addresses: Iterable[str], shown: Sequence[str]) -> list[str]:
    """Return the links of these Markdown texts, and the addresses, to which nothing that is shown leads."""
    wanted = {url for text in markdown for url in links(text)} | {_spelled(url) for url in addresses}
    there = {url for text in shown for url in links(text)}
    return [f"no link to {url}" for url in sorted(wanted - there)]


def _spelled(url: str) -> str:
    return url.replace("(", "%28").replace(")", "%29")


@cache
def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


def place_problems(quotes: Iterable[Quote], library: Path) -> list[str]:
    """Return the passages that do not stand, word for word, at the lines of the file that they name."""
    problems = []
    for passage in (quote.passage for quote in quotes):
        lines = _lines(library / passage.file)
        there, words = "\n".join(lines[passage.first_line - 1 : passage.last_line]), passage.text
        if passage.kind is PassageKind.REFERENCE:
            # Summaries stand in YAML, where the ends of lines are spaces.
            there, words = " ".join(there.split()), " ".join(words.split())
        if words not in there:
            problems.append(f"{passage.file}:{passage.first_line}-{passage.last_line} does not say {words[:80]!r}")
    return problems
