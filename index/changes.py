"""What a new generation changes against the one before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from index.levels import Level
from index.passages import Passage

_Place = tuple[str, str, Level | None]


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """The passages of one depth of one page that differ; level None is the page's summary."""

    lang: str
    slug: str
    title: str
    level: Level | None
    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Passages added, changed, removed and reused in all, and by page and depth where anything differs."""

    added: int
    changed: int
    removed: int
    reused: int
    places: tuple[PlaceChange, ...]
    pages_added: tuple[str, ...]
    pages_removed: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.added} added, {self.changed} changed, {self.removed} removed, {self.reused:,} reused"


def compare(before: Iterable[Passage], after: Iterable[Passage]) -> Changes:
    """Compare two generations' passages.

    Passages have no identity beyond their words, so within one depth of one page as many new ones as
    possible count as changed versions of vanished ones, and only the rest as added or removed.
    """
    old, titles_before = _by_place(before)
    new, titles_after = _by_place(after)
    titles = titles_before | titles_after
    places: list[PlaceChange] = []
    reused = 0
    for place in sorted(old.keys() | new.keys(), key=lambda item: (item[0], item[1], item[2].depth if item[2] else -1)):
        lang, slug, level = place
        kept = (old[place] & new[place]).total()
        appeared, vanished = new[place].total() - kept, old[place].total() - kept
        changed = min(appeared, vanished)
        reused += kept
        if appeared or vanished:
            places.append(
                PlaceChange(lang, slug, titles[lang, slug], level, appeared - changed, changed, vanished - changed)
            )
    return Changes(
        added=sum(place.added for place in places),
        changed=sum(place.changed for place in places),
        removed=sum(place.removed for place in places),
        reused=reused,
        places=tuple(places),
        pages_added=tuple(f"{lang}/{slug}" for lang, slug in sorted(titles_after.keys() - titles_before.keys())),
        pages_removed=tuple(f"{lang}/{slug}" for lang, slug in sorted(titles_before.keys() - titles_after.keys())),
    )


def _by_place(
    passages: Iterable[Passage],
) -> tuple[defaultdict[_Place, Counter[str]], dict[tuple[str, str], str]]:
    places: defaultdict[_Place, Counter[str]] = defaultdict(Counter)
    titles: dict[tuple[str, str], str] = {}
    for passage in passages:
        places[passage.lang, passage.slug, passage.level][f"{passage.text}\0{passage.url or ''}"] += 1
        titles[passage.lang, passage.slug] = passage.title
    return places, titles
