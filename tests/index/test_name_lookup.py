from __future__ import annotations

import pytest

from index.generation import Concept
from index.name_lookup import NameLookup


def concept(slug: str, title: str, *aliases: str, lang: str = "en") -> Concept:
    return Concept(slug, lang, title, "", aliases, (), (), (), (), (), f"{lang}/{slug}.md")


LOOKUP = NameLookup(
    [
        concept("rlhf", "Reinforcement Learning from Human Feedback (RLHF)", "human feedback"),
        concept("goodharts-law", "Goodhart's Law", "goodharting", "metric gaming"),
        concept("p-doom", "P(doom)", "pdoom"),
        concept("debate", "Debate", "AI safety via debate"),
        concept("agents", "AI Agents", "debate", "agentic AI"),
        concept("goodharts-law", "Goodharts Gesetz", lang="de"),
    ]
)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("RLHF", "rlhf"),
        ("reinforcement learning from human feedback", "rlhf"),
        ("Human-Feedback", "rlhf"),
        ("goodharts law", "goodharts-law"),
        ("Goodhart’s Law", "goodharts-law"),
        ("godhart's law", "goodharts-law"),
        ("Goodharts Gesetz", "goodharts-law"),
        ("p doom", "p-doom"),
        ("debates", "debate"),
        ("debate", "debate"),
        ("pizza", None),
        ("", None),
        ("?!", None),
    ],
)
def test_a_name_is_found_however_it_is_written(name: str, slug: str | None) -> None:
    assert LOOKUP.find(name) == slug


def test_the_nearest_names_are_offered_for_an_unknown_one() -> None:
    assert "goodharts-law" in LOOKUP.nearest("goodbar law", 2)
    assert LOOKUP.nearest("xyzzy", 2) == ()
    assert NameLookup([]).find("anything") is None
