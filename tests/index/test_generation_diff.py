from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from index.asked_questions import OUTSIDE
from index.generation import Concept, ConceptSource
from index.generation_diff import Contents, DepthChange, PageStatus, diff, sort_contents
from index.levels import Level
from index.passage_pairs import pair
from index.passages import Passage, PassageKind


def passage(text: str, slug: str = "tea", level: Level | None = Level.BASIC, url: str | None = None) -> Passage:
    kind = PassageKind.REFERENCE if url else PassageKind.TEXT if level else PassageKind.SUMMARY
    return Passage("id", slug, "en", level, kind, slug.title(), text, (), "en/tea.md", 1, 1, url)


def question(text: str, slug: str) -> Passage:
    return replace(passage(text, slug, None), kind=PassageKind.QUESTION)


def concept(slug: str = "tea", *links: str, summarised: tuple[str, ...] = (), **changes: object) -> Concept:
    sources = tuple(ConceptSource(url, None, summarised=url in summarised) for url in links)
    made = Concept(slug, "en", slug.title(), "", (), (), (), (), tuple(Level), sources, f"en/{slug}.md")
    return replace(made, **changes)  # type: ignore[arg-type]


def test_nothing_differs() -> None:
    contents = sort_contents([passage("a"), passage("a")], [concept("tea", "https://a.example")])
    assert diff(contents, contents).pages == ()
    assert diff(contents, contents).text == ""


def test_pages_that_come_and_go() -> None:
    before = sort_contents([passage("a", "tea")], [concept("tea", "https://a.example")])
    after = sort_contents([passage("b", "milk")], [concept("milk")])
    found = {page.slug: page for page in diff(before, after).pages}
    assert found["tea"].status is PageStatus.REMOVED
    assert found["tea"].links_removed == ("https://a.example",)
    assert found["milk"].status is PageStatus.ADDED
    assert found["milk"].depths == (DepthChange("Basic", 1, 0, 0),)


def test_depths_are_told_apart_and_the_likeliest_versions_are_paired() -> None:
    old = [passage("The kettle whistles at noon."), passage("Milk goes in last."), passage("x", level=None)]
    new = [passage("Milk goes in first."), passage("The kettle whistles at night."), passage("x", level=None)]
    new += [passage("Brand new."), passage("The kettle whistles at noon.", level=Level.ADVANCED)]
    (page,) = diff(sort_contents(old, [concept()]), sort_contents(new, [concept()])).pages
    assert page.depths == (DepthChange("Basic", 1, 2, 0), DepthChange("Advanced", 1, 0, 0))
    text = diff(sort_contents(old, [concept()]), sort_contents(new, [concept()])).text
    assert "- The kettle whistles at noon.\n+ The kettle whistles at night.\n" in text
    assert "- Milk goes in last.\n+ Milk goes in first.\n" in text


def test_links_and_summaries() -> None:
    one, two, three = "https://one.example", "https://two.example", "https://three.example"
    before = sort_contents([], [concept("tea", one, two, summarised=(one,))])
    after = sort_contents([], [concept("tea", one, two, three, summarised=(two, three))])
    (page,) = diff(before, after).pages
    assert page.links_added == (three,)
    assert page.summaries_lost == (one,)
    assert page.summaries_gained == (two,)
    (back,) = diff(after, before).pages
    assert (back.links_removed, back.summaries_lost, back.summaries_gained) == ((three,), (two,), (one,))


def test_front_matter_and_questions() -> None:
    before = sort_contents([question("why?", "tea"), question("how tall?", OUTSIDE)], [concept(aliases=("chai",))])
    after = sort_contents([question("what for?", "tea")], [concept(aliases=("cha",), requires=("water",))])
    outside, tea = diff(before, after).pages
    assert tea.fields == ("aliases", "requires")
    assert tea.depths == (DepthChange("Questions", 0, 1, 0),)
    assert (outside.title, outside.status) == ("Questions that no page answers", PageStatus.REMOVED)


def test_a_huge_diff_keeps_to_what_a_file_may_hold() -> None:
    after = sort_contents([passage("word " * 2000, f"p{number}") for number in range(300)], [])
    found = diff(Contents(), after)
    assert len(found.pages) == 300
    assert len(found.text) < 1_100_000
    assert "more pages, too much for one file" in found.text


@given(st.lists(st.text("ab ", max_size=6), max_size=8), st.lists(st.text("ab ", max_size=6), max_size=8))
def test_as_many_are_paired_as_there_are_on_both_sides(old: list[str], new: list[str]) -> None:
    pairs = pair(old, new)
    assert len(pairs) == min(len(old), len(new))
    left, right = list(old), list(new)
    for before, after in pairs:
        left.remove(before)
        right.remove(after)


@given(st.lists(st.text("ab", max_size=3), max_size=8), st.lists(st.text("ab", max_size=3), max_size=8))
def test_counts_add_up(old: list[str], new: list[str]) -> None:
    pages = diff(
        sort_contents(list(map(passage, old)), [concept()]), sort_contents(list(map(passage, new)), [concept()])
    )
    depths = [depth for page in pages.pages for depth in page.depths]
    assert sum(item.added - item.removed for item in depths) == len(new) - len(old)
    assert bool(depths) == (sorted(old) != sorted(new))
