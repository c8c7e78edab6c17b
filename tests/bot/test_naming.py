from __future__ import annotations

import pytest

from bot.naming import naming, never
from index.generation import Concept
from index.levels import Level


def concept(title: str, *aliases: str) -> Concept:
    return Concept("some-page", "en", title, "", aliases, (), (), (), (Level.BASIC,), (), "some-page.md")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It is wider than the shutdown problem, which is about stopping.", True),
        ("Of shutdown problems there are three.", True),
        ("An OFF switch for (some) robots", True),
        ("The DPO method.", True),
        ("To dpo something means nothing.", False),
        ("The problem of shutdown.", False),
        ("A preshutdown problem.", False),
    ],
)
def test_names_are_found_as_whole_words(text: str, said: bool) -> None:
    assert naming(concept("The Shutdown Problem (TSP)", "shutdown problem", "OFF switch", "DPO", "or"))(text) is said


def test_brackets_in_a_name_are_not_looked_for() -> None:
    speaks = naming(concept("Artificial General Intelligence (AGI)", "AGI"))
    assert speaks("An artificial general intelligence would.")
    assert speaks("AGIs would.")
    assert not speaks("agi is part of agile.")


def test_nothing_is_named_by_a_concept_without_usable_names() -> None:
    assert not naming(concept("ab"))("ab")
    assert not never("anything")
