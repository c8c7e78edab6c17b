from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answer import Answer, Outcome, Question
from bot.records import gap_of, without_people
from bot.storage.gaps import GapKind
from index.generation import Concept, ConceptSource
from index.levels import Level

WORK = ConceptSource("https://example.org/paper", "A paper", summarised=True)
CONCEPT = Concept("kettles", "en", "Kettles", "", (), (), (), (), tuple(Level), (WORK,), "en/kettles.md")


def answer(level: Level, *, asked: Level | None = None, sources: tuple[ConceptSource, ...] = (WORK,)) -> Answer:
    question = Question("what are kettles?", asked or level)
    return Answer(question, Outcome.ANSWERED, 0.9, (), level, CONCEPT, (), 0, None, sources, (), "generation")


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (answer(Level.BASIC), None),
        (answer(Level.BASIC, sources=()), None),
        (answer(Level.ADVANCED), None),
        (answer(Level.INTERMEDIATE, asked=Level.ADVANCED), GapKind.DEPTH_MISSING),
        (answer(Level.ADVANCED, sources=()), GapKind.DEPTH_MISSING),
        (answer(Level.ADVANCED, sources=(replace(WORK, summarised=False),)), GapKind.DEPTH_MISSING),
        (replace(answer(Level.BASIC), outcome=Outcome.NOT_COVERED, concept=None), GapKind.NOT_COVERED),
        (replace(answer(Level.BASIC), outcome=Outcome.EMPTY, concept=None), None),
    ],
)
def test_what_an_answer_lacks(given: Answer, kind: GapKind | None) -> None:
    assert gap_of(given, chosen_page=False) is kind


def test_people_are_left_out_of_what_is_kept() -> None:
    assert without_people("does <@123> or <@!4> or <@&5> know?") == "does or or know?"
