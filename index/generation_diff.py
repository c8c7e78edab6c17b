"""What a new generation would change, page by page: depths, links, and works that lost their summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from index.asked_questions import OUTSIDE
from index.generation import Concept
from index.passage_pairs import pair
from index.passages import Passage, PassageKind

_Key = tuple[str, str]
_MAX_TEXT = 1_000_000
_NAMED_FIELDS = ("title", "aliases", "tags", "requires", "related")
_SUMMARY, _QUESTIONS = "Summary", "Questions"
_OUTSIDE_TITLE = "Questions that no page answers"
_DEPTHS = (_SUMMARY, "Basic", "Intermediate", "Advanced", _QUESTIONS)


class PageStatus(StrEnum):
    """What happened to a page."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class DepthChange:
    """How many passages of one depth differ; a page's summary and the questions it is asked by stand beside them."""

    depth: str
    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class PageDiff:
    """What differs on one page.

    Attributes:
        fields: the front matter fields that differ, beside the summary.
        links_added: works that the page lists now and did not before; `links_removed` the other way round.
        summaries_lost: works it still lists that the library no longer summarises; `summaries_gained` the contrary.
    """

    lang: str
    slug: str
    title: str
    status: PageStatus
    depths: tuple[DepthChange, ...] = ()
    fields: tuple[str, ...] = ()
    links_added: tuple[str, ...] = ()
    links_removed: tuple[str, ...] = ()
    summaries_lost: tuple[str, ...] = ()
    summaries_gained: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GenerationDiff:
    """Every page that differs, in order, and the whole of it in words, as long as a file may be."""

    pages: tuple[PageDiff, ...] = ()
    text: str = ""


@dataclass(slots=True)
class Contents:
    """What a generation holds, by page; the passages of a page by the name of their depth."""

    concepts: dict[_Key, Concept] = field(default_factory=dict)
    titles: dict[_Key, str] = field(default_factory=dict)
    passages: dict[_Key, dict[str, list[Passage]]] = field(default_factory=dict)


def sort_contents(passages: Sequence[Passage], concepts: Sequence[Concept]) -> Contents:
    """Sort passages by page and depth."""
    contents = Contents(concepts={(concept.lang, concept.slug): concept for concept in concepts})
    contents.titles = {key: concept.title for key, concept in contents.concepts.items()}
    for passage in passages:
        key = (passage.lang, passage.slug)
        contents.titles.setdefault(key, _OUTSIDE_TITLE if passage.slug == OUTSIDE else passage.title)
        contents.passages.setdefault(key, {}).setdefault(_depth(passage), []).append(passage)
    return contents


def diff(before: Contents, after: Contents) -> GenerationDiff:
    """Compare two generations, page by page."""
    pages: list[PageDiff] = []
    texts: list[str] = []
    room = _MAX_TEXT
    for key in sorted(before.titles.keys() | after.titles.keys()):
        page, lines = _compare_page(key, before, after)
        if page is None:
            continue
        pages.append(page)
        text = "\n".join(lines) + "\n"
        if len(text) <= room:
            texts.append(text)
            room -= len(text)
        else:
            room = 0
    if len(texts) < len(pages):
        texts.append(f"... and {len(pages) - len(texts)} more pages, too much for one file\n")
    return GenerationDiff(tuple(pages), "\n".join(texts))


def _compare_page(key: _Key, before: Contents, after: Contents) -> tuple[PageDiff | None, list[str]]:
    """Return what differs on a page and that in words; None for a page that is as it was."""
    lang, slug = key
    old, new = before.concepts.get(key), after.concepts.get(key)
    title = after.titles.get(key) or before.titles[key]
    status = PageStatus.CHANGED
    if (key in before.titles) is not (key in after.titles):
        status = PageStatus.ADDED if key in after.titles else PageStatus.REMOVED
    lines = [f"=== {title} ({lang}/{slug}): {status}"]
    fields = _fields(old, new, lines)
    depths: list[DepthChange] = []
    for depth in _DEPTHS:
        was = before.passages.get(key, {}).get(depth, [])
        now = after.passages.get(key, {}).get(depth, [])
        if change := _compare_depth(depth, was, now, lines):
            depths.append(change)
    links_old, links_new = _links(old), _links(new)
    both = [url for url in links_new if url in links_old]
    page = PageDiff(
        lang=lang,
        slug=slug,
        title=title,
        status=status,
        depths=tuple(depths),
        fields=fields,
        links_added=tuple(url for url in links_new if url not in links_old),
        links_removed=tuple(url for url in links_old if url not in links_new),
        summaries_lost=tuple(url for url in both if links_old[url] and not links_new[url]),
        summaries_gained=tuple(url for url in both if links_new[url] and not links_old[url]),
    )
    lines += _link_lines(page)
    if status is PageStatus.CHANGED and len(lines) == 1:
        return None, []
    return page, lines


def _fields(old: Concept | None, new: Concept | None, lines: list[str]) -> tuple[str, ...]:
    if old is None or new is None:
        return ()
    changed = tuple(name for name in _NAMED_FIELDS if getattr(old, name) != getattr(new, name))
    for name in changed:
        lines += [f"--- {name}", f"- {_shown(getattr(old, name))}", f"+ {_shown(getattr(new, name))}"]
    return changed


def _compare_depth(depth: str, was: list[Passage], now: list[Passage], lines: list[str]) -> DepthChange | None:
    before, after = Counter(map(_identity, was)), Counter(map(_identity, now))
    vanished, appeared = list((before - after).elements()), list((after - before).elements())
    if not vanished and not appeared:
        return None
    pairs = pair(vanished, appeared)
    change = DepthChange(depth, len(appeared) - len(pairs), len(pairs), len(vanished) - len(pairs))
    lines.append(f"--- {depth}: {change.added} added, {change.changed} changed, {change.removed} removed")
    for old, new in pairs:
        lines += [*_marked("-", old), *_marked("+", new), ""]
    paired_old, paired_new = Counter(old for old, _ in pairs), Counter(new for _, new in pairs)
    for text in (Counter(vanished) - paired_old).elements():
        lines += [*_marked("-", text), ""]
    for text in (Counter(appeared) - paired_new).elements():
        lines += [*_marked("+", text), ""]
    return change


def _link_lines(page: PageDiff) -> Iterator[str]:
    for heading, sign, urls in (
        ("links removed", "-", page.links_removed),
        ("links added", "+", page.links_added),
        ("works that lost their summary", "-", page.summaries_lost),
        ("works that gained a summary", "+", page.summaries_gained),
    ):
        if urls:
            yield f"--- {heading}"
            yield from (f"{sign} {url}" for url in urls)


def _links(concept: Concept | None) -> dict[str, bool]:
    """Return a page's links, and whether the library summarises the work."""
    return {source.url: source.summarised for source in concept.sources} if concept else {}


def _depth(passage: Passage) -> str:
    if passage.level is not None:
        return passage.level.label
    return _QUESTIONS if passage.kind is PassageKind.QUESTION else _SUMMARY


def _identity(passage: Passage) -> str:
    """Return what makes two passages of one depth the same: their words, and the work they summarise."""
    return f"[{passage.url}]\n{passage.text}" if passage.url else passage.text


def _marked(sign: str, text: str) -> list[str]:
    return [f"{sign} {line}".rstrip() for line in text.splitlines()]


def _shown(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ", ".join(value) or "(none)"
