from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.topic_names import TopicNames
from index.generation import Concept


def concept(slug: str, title: str, *aliases: str, lang: str = "en") -> Concept:
    return Concept(slug, lang, title, "", aliases, (), (), (), (), (), f"{lang}/{slug}.md")


LIBRARY = [
    concept("corrigibility", "Corrigibility", "corrigible AI"),
    concept("convergence", "Instrumental Convergence", "convergent instrumental goals"),
    concept("orthogonality", "Orthogonality Thesis", "orthogonality"),
    concept("rlhf", "Reinforcement Learning from Human Feedback", "RLHF"),
    concept("rlhf", "Bestärkendes Lernen aus menschlicher Rückmeldung", "RLHF", lang="de"),
]


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("rlhf", "rlhf"),
        ("RLHF", "rlhf"),
        ("corrigible ai", "corrigibility"),
        ("Instrumental", "convergence"),
        ("goals", "convergence"),
        ("human feedback", "rlhf"),
    ],
)
def test_a_topic_is_found_by_its_names_and_how_they_begin(typed: str, slug: str) -> None:
    found = TopicNames(LIBRARY, "en").find(typed)
    assert found is not None
    assert found.slug == slug


@pytest.mark.parametrize(
    ("typed", "slug"),
    [("corigibility", "corrigibility"), ("convergance", "convergence"), ("ortogonality thesis", "orthogonality")],
)
def test_what_is_nearly_right_is_offered(typed: str, slug: str) -> None:
    names = TopicNames(LIBRARY, "en")
    assert names.find(typed) is None
    assert [item.slug for item in names.nearest(typed, 5)] == [slug]
    assert [item.slug for item in names.offered(typed, 25)] == [slug]


def test_each_concept_is_there_once_in_the_readers_language() -> None:
    german = TopicNames(LIBRARY, "de")
    assert len(german.concepts) == 4
    assert german.find("Bestärkendes") == german.find("Reinforcement Learning") == LIBRARY[4]
    assert TopicNames(LIBRARY, "en").find("Bestärkendes") is None


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=100))
def test_whatever_is_typed_only_concepts_of_the_library_come_back(typed: str) -> None:
    names = TopicNames(LIBRARY, "en")
    offered = names.offered(typed, 3)
    assert len(offered) <= 3
    assert len({item.slug for item in offered}) == len(offered)
    found = names.find(typed)
    assert found is None or found in names.concepts
    if not any(character.isalnum() for character in typed):
        assert found is None
