from __future__ import annotations

import pytest

from bot.level_words import level_in_words, without_level_words
from index.levels import Level


@pytest.mark.parametrize(
    ("question", "level"),
    [
        ("eli5 mesa optimizers", Level.BASIC),
        ("Explain corrigibility like I'm five", Level.BASIC),
        ("what is RLHF in plain English?", Level.BASIC),
        ("reward hacking, no jargon please", Level.BASIC),
        ("what do the papers say about debate?", Level.ADVANCED),
        ("define power-seeking formally", Level.ADVANCED),
        ("which papers show alignment faking", Level.ADVANCED),
        ("what is corrigibility?", None),
        ("is a five year old smarter than an AI?", None),
        ("", None),
    ],
)
def test_the_words_may_show_a_level(question: str, level: Level | None) -> None:
    assert level_in_words(question) is level


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("corrigibility, explain like I'm five", "corrigibility, explain"),
        ("eli5", "eli5"),
        ("what is corrigibility?", "what is corrigibility?"),
    ],
)
def test_such_words_are_not_searched_for(question: str, rest: str) -> None:
    assert without_level_words(question) == rest
