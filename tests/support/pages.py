"""Small content folders, written for one test each."""

from __future__ import annotations

from pathlib import Path

PAGE = """---
title: {title}
date: 2026-01-01
summary: {title} in one sentence.
aliases: [{alias}]
tags: [test]
---

# Basic

{title} in plain words: {word} is like a kettle that never stops boiling because nobody told it to, which wastes
a lot of water and steam.

A second paragraph about {word}, long enough to stand alone as a passage with words of its own in it, and
then a few more of them.

# Intermediate

The mechanism of {word} is that the kettle optimises steam, which correlates with tea only at first, and then
no longer does so at all.

# Advanced

The literature on {word} is one paper so far.

- [{title}: A Survey](https://example.org/{slug})
"""

REFERENCES = """https://example.org/{slug}:
  title: "{title}: A Survey"
  authors: [Ada Lovelace, Grace Hopper]
  year: 2024
  kind: paper
  summary: >-
    Argues that {word} happens whenever kettles are rewarded for steam. Shows it in three kettles.
  checked: written for a test
"""

WORDS = {"kettle-drift": "kettledrift", "spoon-bias": "spoonbias", "cup-collapse": "cupcollapse"}


def write_library(root: Path, words: dict[str, str] | None = None) -> Path:
    """Write a page and a reference for each slug; return the folder."""
    pages, references = root / "en", root / "references"
    pages.mkdir(parents=True, exist_ok=True)
    references.mkdir(exist_ok=True)
    for slug, word in (words or WORDS).items():
        fields = {"slug": slug, "word": word, "title": slug.replace("-", " ").title(), "alias": word[:4].upper()}
        (pages / f"{slug}.md").write_text(PAGE.format(**fields), encoding="utf-8")
        (references / f"{slug}.yaml").write_text(REFERENCES.format(**fields), encoding="utf-8")
    return root
