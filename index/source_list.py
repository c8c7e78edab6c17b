"""The list of works under a page's Advanced heading, in any of the forms that authors use."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.page import Block, BlockKind, Source
from index.urls import canonical_url, is_web_url

_BULLET = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+")
_MARKDOWN_LINK = re.compile(
    r"!?\[(?P<title>[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*)\]\(\s*<?(?P<url>(?:[^\s<>()]|\([^\s<>()]*\))+)>?(?:\s+[\"'][^\"']*[\"'])?\s*\)"
)
_TITLE_AND_URL = re.compile(r"^(?P<title>.*?)[\s:,–—-]*<?(?P<url>https?://[^\s<>]+)>?\s*$", re.IGNORECASE)
_BARE_URL = re.compile(r"https?://[^\s<>\]\"“”]+", re.IGNORECASE)
_QUOTES = "\"'“”„‟«»‘’"
# A longer text in front of an address is prose that happens to end in a link.
_MAX_TITLE_WORDS = 30
_MAX_NOTE_WORDS = 20
# No honest entry is longer; longer lines are not searched, so that a hostile one cannot cost minutes.
_MAX_LINE_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class SourceList:
    """What a depth's blocks hold: the works listed, and the blocks that are prose."""

    sources: tuple[Source, ...]
    prose: tuple[Block, ...]


def read_sources(blocks: tuple[Block, ...]) -> SourceList:
    """Split the blocks of a depth into listed works and prose; links inside prose count as works too."""
    sources: list[Source] = []
    prose: list[Block] = []
    pending_title: Block | None = None
    for block in blocks:
        found = _listed(block, pending_title)
        if found is None:
            if pending_title is not None:
                prose.append(pending_title)
            pending_title = block if _may_be_title(block) else None
            if pending_title is None:
                prose.append(block)
                sources += _links_in(block)
            continue
        sources += found
        pending_title = None
    if pending_title is not None:
        prose.append(pending_title)
    return SourceList(_unique(sources), tuple(prose))


def _may_be_title(block: Block) -> bool:
    """Say whether a block could be the title of the address in the next block."""
    return (
        block.kind is BlockKind.TEXT
        and "\n" not in block.text
        and len(block.text.split()) <= _MAX_NOTE_WORDS
        and not block.text.rstrip().endswith((".", ":"))
        and not _BARE_URL.search(block.text)
    )


def _listed(block: Block, pending: Block | None) -> list[Source] | None:
    """Return the works of a block that is a list of works, or None for prose."""
    if block.kind not in {BlockKind.TEXT, BlockKind.LIST}:
        return None
    title = pending.text.strip() if pending else None
    found: list[Source] = []
    for line, text in _items(block):
        if reference := _reference(text):
            found.append(Source(reference.url, reference.title or _clean_title(title or "") or None, line))
            title = None
        elif _BARE_URL.search(text) or title is not None or len(text.split()) > _MAX_NOTE_WORDS:
            return None
        elif not (text.startswith("(") and text.endswith(")")):
            title = text
    return found if found and title is None else None


def _items(block: Block) -> list[tuple[int, str]]:
    """Return the lines of a block without bullets; a bullet's continuation lines are joined to it."""
    items: list[tuple[int, str]] = []
    for offset, line in enumerate(block.text.split("\n")):
        if not line.strip():
            continue
        bullet = _BULLET.match(line)
        if bullet or block.kind is BlockKind.TEXT or not items:
            items.append((block.first_line + offset, line[bullet.end() if bullet else 0 :].strip()))
        else:
            items[-1] = (items[-1][0], f"{items[-1][1]} {line.strip()}")
    return items


@dataclass(frozen=True, slots=True)
class _Reference:
    url: str
    title: str | None


def _reference(text: str) -> _Reference | None:
    if len(text) > _MAX_LINE_LENGTH:
        return None
    links = list(_MARKDOWN_LINK.finditer(text))
    if len(links) == 1:
        link = links[0]
        around = text[: link.start()] + text[link.end() :]
        if is_web_url(link["url"]) and len(around.split()) <= _MAX_NOTE_WORDS and not _BARE_URL.search(around):
            return _Reference(link["url"], _clean_title(link["title"]) or None)
    if links:
        return None
    match = _TITLE_AND_URL.match(text)
    if match is None or len(match["title"].split()) > _MAX_TITLE_WORDS or _BARE_URL.search(match["title"]):
        return None
    url = _trim_url(match["url"])
    return _Reference(url, _clean_title(match["title"]) or None) if is_web_url(url) else None


def _clean_title(text: str) -> str:
    return text.strip().rstrip(":").strip().strip(_QUOTES).strip()


def _trim_url(url: str) -> str:
    """Drop the punctuation of the sentence around an address, but keep a closing bracket it opened itself."""
    url = url.rstrip(".,;:!?" + _QUOTES)
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1]
    return url


def _links_in(block: Block) -> list[Source]:
    found: list[Source] = []
    for offset, line in enumerate(block.text.split("\n")):
        if len(line) > _MAX_LINE_LENGTH * 10:
            continue
        number = block.first_line + offset
        found += [
            Source(link["url"], _clean_title(link["title"]) or None, number)
            for link in _MARKDOWN_LINK.finditer(line)
            if is_web_url(link["url"]) and not link.group().startswith("!")
        ]
        rest = _MARKDOWN_LINK.sub(" ", line)
        found += [
            Source(_trim_url(match.group()), None, number)
            for match in _BARE_URL.finditer(rest)
            if is_web_url(_trim_url(match.group()))
        ]
    return found


def _unique(sources: list[Source]) -> tuple[Source, ...]:
    """Keep the first of several links to the same page, with a title if any of them has one."""
    kept: dict[str, Source] = {}
    for source in sources:
        key = canonical_url(source.url)
        first = kept.get(key)
        if first is None:
            kept[key] = source
        elif first.title is None and source.title is not None:
            kept[key] = Source(first.url, source.title, first.line)
    return tuple(kept.values())
