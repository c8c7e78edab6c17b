"""Pages: whatever the bytes are, a page in its author's exact words, or a problem with file and line."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from random import Random
from typing import ClassVar

from bot.markup import discord_text
from index.library import Library
from index.page import Page
from index.page_reader import MAX_PAGE_BYTES, read_page
from index.passages import cut_page
from index.problems import Problems
from tests.conftest import REPOSITORY
from tests.fuzz.mutation import huge, mutate
from tests.fuzz.target import Target, promise

_FILE = "en/a.md"
_PIECES = (
    *(
        b"---\n",
        b"title: x\n",
        b"# Basic\n",
        b"# Advanced\n",
        b"- https://a.b/c\n",
        b"[x](y)",
        b"{{< ref ",
        b'{{% relref "',
    ),
    *(
        b"```\n",
        b"| a |\n",
        b"Basic\n",
        b"summary: >\n",
        b"  &a *a\n",
        b"> ",
        b"1. x\n",
        b"===\n",
        b"![](",
        b"![](a) ",
        b"<b>",
    ),
    *(
        b"](",
        b"./",
        b"[",
        b"(",
        b"*",
        b"_",
        b"`",
        b"\\",
        b"<!--",
        b"[a]: b\n",
        b"- ",
        b"  ",
        b"&#",
        b"javascript:",
        b"a.md#",
    ),
    *(
        b"[click](javascript:alert(1))",
        b"[click](discord://x)",
        b"aliases: [",
        b"{",
        b"? ",
        b"!!python/object:os.system ",
        b"%TAG ! x\n",
    ),
)
_FRONT = b"---\ntitle: A\nsummary: B\n---\n# Basic\n\n"
_LIVE = re.compile(r"@(?:everyone|here)\b|<(?:@[!&]?|#|t:|a?:\w+:)\d", re.IGNORECASE)
_MASKED = re.compile(r"\[[^\[\]]+\]\(\s*<?(?P<target>[a-z][a-z0-9+.-]*:)[^\s()<>]*>?\s*\)", re.IGNORECASE)


@cache
def real_pages() -> tuple[bytes, ...]:
    """Return real pages with the first paragraph of each depth and the end, so that there is time for many."""
    pages = []
    for file in sorted((REPOSITORY / "knowledge" / "en").glob("*.md"))[:40]:
        head, *depths = file.read_bytes().split(b"\n# ")
        pages.append(b"\n# ".join([head, *(b"\n\n".join(depth.split(b"\n\n")[:2])[:500] for depth in depths)]))
        pages[-1] += b"\n\n" + file.read_bytes()[-200:]
    return tuple(pages)


class Pages(Target):
    """The page reader, the cutting into passages, and what Discord is shown of them."""

    name: ClassVar[str] = "pages"

    def make(self, random: Random) -> bytes:
        kind = random.random()
        if kind < 0.0005:
            size = random.choice((MAX_PAGE_BYTES, MAX_PAGE_BYTES // 2, MAX_PAGE_BYTES + 1, 10_000_000))
            return huge(random, (_FRONT, *_PIECES), size)
        if kind < 0.1:
            return random.choice((b"", _FRONT, _FRONT)) + huge(random, _PIECES, random.randint(1, 1000))
        return mutate(random, random.choice(real_pages()), real_pages(), _PIECES)

    def check(self, data: bytes) -> str:
        result = read_page(data, file=_FILE, slug="a", lang="en")
        problems_have_places(result.problems, data, _FILE)
        if result.page is None:
            promise(result.problems, "a page was refused without a word")
            return "refused"
        promise_exact_words(result.page, data)
        library = Library(Path(), {("en", "a"): result.page}, {}, (), Problems(), "")
        for passage in cut_page(result.page, library, count_tokens=lambda text: len(text.split()), window=256):
            passage.embedding_text()
            promise_harmless(discord_text(passage.text))
        promise_harmless(discord_text(result.page.summary))
        return "read with problems" if result.problems else "read"


def problems_have_places(problems: Problems, data: bytes, file: str) -> None:
    """Every problem names the file, a line that it has, what is wrong, and what to do."""
    lines = len(re.split(rb"\r\n|\r|\n", data))
    for problem in problems:
        promise(problem.file == file, f"a problem of another file: {problem}")
        promise(1 <= problem.line <= lines, f"line {problem.line} of {lines}: {problem}")
        promise(problem.message and problem.remedy, f"half a problem: {problem}")


def promise_exact_words(page: Page, data: bytes) -> None:
    """The words of a page are those of its file, at the lines that it names."""
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
    lines = text.split("\n")
    for tier in page.tiers.values():
        for block in tier.blocks:
            promise(block.text == "\n".join(lines[block.first_line - 1 : block.last_line]), f"other words: {block}")
    for source in page.sources:
        promise(source.url.casefold().startswith(("http://", "https://")), f"a source that is no web page: {source}")


def promise_harmless(shown: str) -> None:
    """Nothing that is shown pings anybody, or hides an address that is no web page under a text."""
    promise(not _LIVE.search(shown), f"a live mention: {shown[:200]!r}")
    for part in shown.split("```")[::2]:
        for match in _MASKED.finditer(part):
            promise(match["target"].casefold() in {"http:", "https:"}, f"a masked link: {match.group()[:200]!r}")
