"""Markdown as the words a reader sees, for embedding and lexical search."""

from __future__ import annotations

import re

_STEPS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Shortcodes first: as the target of a link they would keep the link from being seen as one.
    (re.compile(r"\{\{[<%][^{}]{0,500}[>%]\}\}"), ""),
    (re.compile(r"!\[([^\[\]]{0,500})\]\([^()\s]{0,2000}(?:\s+[\"'][^\"']{0,500}[\"'])?\)"), r"\1"),
    (re.compile(r"\[([^\[\]]{1,500})\]\((?:[^()]|\([^()]*\)){0,2000}?\)"), r"\1"),
    (re.compile(r"<(https?://[^\s<>]{1,2000})>"), r"\1"),
    (re.compile(r"</?[a-zA-Z][^<>]{0,300}>"), ""),
    (re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]{0,9}(?:[-*+•]|\d{1,3}[.)])[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]{0,3}>[ \t]?", re.MULTILINE), ""),
    (re.compile(r"(?<![\w*])\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?![\w*])"), ""),
    (re.compile(r"(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)"), ""),
    (re.compile(r"`+"), ""),
    (re.compile(r"\s+"), " "),
)


def plain_text(markdown: str) -> str:
    """Return a Markdown text as one line of plain words: links by their label, no markup, no shortcodes."""
    for pattern, replacement in _STEPS:
        markdown = pattern.sub(replacement, markdown)
    return markdown.strip()
