from __future__ import annotations

import pytest

from bot.naming import naming, never
from index.generation import Concept
from index.levels import Level


def concept(title: str, *aliases: str) -> Concept:
    return Concept("some-page", "en", title, "", aliases, (), (), (), (Level.BASIC,), (), "some-page.md")


OTHER = concept("Another Page")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It is wider than the shutdown problem, which is about stopping.", True),
        ("Of shutdown problems there are three.", True),
        ("An off switch for (some) robots", True),
        ("The DPO method, and the LAWS.", True),
        ("There were three DPOs.", True),
        ("To dpo something is against the laws.", False),
        ("The problem of shutdown.", False),
        ("A preshutdown problem.", False),
    ],
)
def test_names_are_found_as_whole_words(text: str, said: bool) -> None:
    speaks = naming(concept("The Shutdown Problem (TSP)", "shutdown problem", "off switch", "DPO", "LAWS", "or"), OTHER)
    assert speaks(text) is said


def test_brackets_in_a_name_are_not_looked_for() -> None:
    speaks = naming(concept("Artificial General Intelligence (AGI)", "AGI"), OTHER)
    assert speaks("An artificial general intelligence would.")
    assert speaks("AGIs would.")
    assert not speaks("agi is part of agile.")


def test_a_part_of_the_own_name_is_not_the_others() -> None:
    speaks = naming(concept("AI Safety"), concept("Debate", "AI safety via debate"))
    assert not speaks("AI safety via debate was proposed in 2018.")
    assert speaks("AI safety via debate is a part of AI safety.")


def test_nothing_is_named_by_a_concept_without_usable_names() -> None:
    assert not naming(concept("ab"), OTHER)("ab")
    assert not never("anything")
