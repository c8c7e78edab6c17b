from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.learning_path import Progress, learning_path, reading_order

SLUGS = st.sampled_from([f"c{number}" for number in range(9)])
LIBRARIES = st.dictionaries(SLUGS, st.lists(SLUGS, max_size=4), min_size=1)


def reached(start: str, requires: dict[str, list[str]]) -> set[str]:
    """Return what a concept requires, directly or not, among the pages there are (itself only by a circle)."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for slug in requires[waiting.pop()]:
            if slug in requires and slug not in found:
                found.add(slug)
                waiting.append(slug)
    return found


@given(LIBRARIES, st.data())
def test_every_prerequisite_comes_before_what_needs_it(requires: dict[str, list[str]], data: st.DataObject) -> None:
    goal = data.draw(st.sampled_from(sorted(requires)))
    order = reading_order(goal, requires)
    assert order[-1] == goal
    assert len(order) == len(set(order))
    assert set(order) == reached(goal, requires) | {goal}
    for slug in order:
        for before in requires[slug]:
            in_a_circle = before in requires and slug in reached(before, requires)
            if before in requires and not in_a_circle:
                assert order.index(before) < order.index(slug)


@given(LIBRARIES, st.sets(SLUGS), st.data())
def test_a_path_asks_for_nothing_that_is_understood(
    requires: dict[str, list[str]], understood: set[str], data: st.DataObject
) -> None:
    goal = data.draw(st.sampled_from(sorted(requires)))
    path = learning_path(goal, requires, understood)
    assert [step.slug for step in path.steps] == reading_order(goal, requires)
    assert {step.slug for step in path.steps if step.progress is Progress.UNDERSTOOD} == understood & {
        step.slug for step in path.steps
    }
    assert (path.next is None) == (goal in understood)
    # Marking one step after another leads to the end, and never over more steps than there are.
    known = set(understood)
    for _ in path.steps:
        step = learning_path(goal, requires, known).next
        if step is None:
            break
        assert step.slug not in known
        known.add(step.slug)
    assert learning_path(goal, requires, known).next is None


def test_what_only_leads_to_something_understood_is_no_longer_needed() -> None:
    requires = {"goal": ["bridge", "logic"], "bridge": ["base", "logic"], "base": [], "logic": []}
    path = learning_path("goal", requires, {"bridge"})
    assert [(step.slug, step.progress) for step in path.steps] == [
        ("base", Progress.IMPLIED),
        ("logic", Progress.OPEN),
        ("bridge", Progress.UNDERSTOOD),
        ("goal", Progress.OPEN),
    ]
    assert path.next is not None
    assert path.next.slug == "logic"


def test_a_very_deep_library_is_no_deeper_than_pythons_stack() -> None:
    requires = {str(number): [str(number + 1)] for number in range(5_000)} | {"5000": ["0"]}
    assert reading_order("0", requires) == [str(number) for number in range(5_000, -1, -1)]
