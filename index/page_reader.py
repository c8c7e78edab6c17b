"""From the bytes of a Markdown file to a page, with a kind word about whatever is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.levels import Level, level_of_heading
from index.page import Block, BlockKind, Page, Source, Tier
from index.problems import Problems
from index.source_list import read_sources
from index.yaml_nodes import Entry, YamlError, read_mapping

MAX_PAGE_BYTES = 250_000
"""A page larger than this is no page; the largest real ones have some tens of kilobytes."""

# Pages may come from strangers, so no pattern can be made to try the same text over and over: what repeats takes all
# it can and gives nothing back (`++`), or has a limit.
_SHORTCODE_REF = re.compile(
    r"\{\{[<%]\s{0,9}(?:rel)?ref\s{1,9}[\"“”]?(?P<target>[^\"“”\s<>%{}]{1,500}+)[\"“”]?[^{}]{0,500}[>%]\}\}"
)
_PAGE_LINK = re.compile(r"\]\(\s{0,9}(?:\.{1,2}/)*+(?P<target>[\w\-./]{1,500}(?<=\.md))(?:#[^)\n]{0,200})?\s{0,9}\)")
_SHORTCODE_FIGURE = re.compile(r"^\{\{[<%]\s*(?:figure|youtube|vimeo|tweet|gist|instagram)\b.*\}\}$", re.DOTALL)
_ONLY_IMAGES = re.compile(r"^(?:\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?\s*+)++(?:[*_].+[*_])?$")
_TEXT_FIELDS = ("title", "date", "summary")
_LIST_FIELDS = ("aliases", "tags", "requires", "related")


@dataclass(frozen=True, slots=True)
class PageResult:
    """A page, or None when it had to be refused, and everything found on the way."""

    page: Page | None
    problems: Problems


def read_page(data: bytes, *, file: str, slug: str, lang: str) -> PageResult:
    """Read one page; whatever the bytes are, this returns and never raises.

    Args:
        data: the file's content, UTF-8 with or without a byte order mark, any line ends.
        file: the path relative to the content folder, for the problems.
        slug: the concept's identifier.
        lang: the page's language, as a two-letter code.
    """
    reader = _Reader(file, slug, lang, Problems())
    return PageResult(reader.read(data), reader.problems)


def slug_of_reference(target: str) -> str:
    """Return the slug that a link to another page means: its last path part without suffixes."""
    name = target.strip().rstrip("/").rsplit("/", 1)[-1].removesuffix(".md").split("#")[0]
    if name in {"index", "_index"} and "/" in target:
        name = target.strip().rstrip("/").rsplit("/", 2)[-2]
    return re.sub(r"\.[a-z]{2}$", "", name).casefold()


@dataclass(slots=True)
class _Reader:
    file: str
    slug: str
    lang: str
    problems: Problems

    def read(self, data: bytes) -> Page | None:
        text = self._decode(data)
        if text is None:
            return None
        split = self._front_matter(text)
        if split is None:
            return None
        entries, body, offset = split
        tiers, sources = self._tiers(body, offset)
        if tiers is None:
            return None
        fields = self._fields(entries)
        edges = [slug_of_reference(match["target"]) for match in _SHORTCODE_REF.finditer(body)]
        edges += [slug_of_reference(match["target"]) for match in _PAGE_LINK.finditer(body)]
        related = dict.fromkeys([*fields.lists["related"], *edges])
        related.pop(self.slug, None)
        return Page(
            slug=self.slug,
            lang=self.lang,
            file=self.file,
            title=fields.texts["title"] or self.slug.replace("-", " ").title(),
            date=fields.texts["date"],
            summary=fields.texts["summary"] or "",
            aliases=fields.lists["aliases"],
            tags=fields.lists["tags"],
            requires=fields.lists["requires"],
            related=tuple(related),
            tiers=tiers,
            sources=sources,
            lines=fields.lines,
        )

    def _decode(self, data: bytes) -> str | None:
        if len(data) > MAX_PAGE_BYTES:
            self.problems.error(
                self.file,
                1,
                f"the file has {len(data):,} bytes",
                f"split it; a page has at most {MAX_PAGE_BYTES:,}",
            )
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            self.problems.error(self.file, line, "the file is not UTF-8 text", "save it as UTF-8")
            return None
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")

    def _front_matter(self, text: str) -> tuple[list[Entry], str, int] | None:
        """Return the front matter's entries (lines as in the file), the body, and the body's first line."""
        lines = text.split("\n")
        start = next((number for number, line in enumerate(lines) if line.strip()), None)
        if start is None:
            self.problems.error(self.file, 1, "the file is empty", "write the page, or delete the file")
            return None
        if lines[start].rstrip() != "---":
            self.problems.error(
                self.file,
                start + 1,
                "no front matter",
                "begin the file with a `---` line, `title:` and `summary:` lines, and another `---` line",
            )
            return None
        end = next((n for n in range(start + 1, len(lines)) if lines[n].rstrip() in {"---", "..."}), None)
        if end is None:
            self.problems.error(
                self.file, start + 1, "the front matter has no end", "close it with a second `---` line"
            )
            return None
        try:
            entries = read_mapping("\n" * (start + 1) + "\n".join(lines[start + 1 : end]))
        except YamlError as error:
            self.problems.error(
                self.file,
                error.line,
                f"the front matter is not valid YAML: {error}",
                "mend this line; quote text with a colon",
            )
            return None
        return entries, "\n".join(lines[end + 1 :]), min(end + 2, len(lines))

    def _fields(self, entries: list[Entry]) -> _Fields:
        fields = _Fields(dict.fromkeys(_TEXT_FIELDS), dict.fromkeys(_LIST_FIELDS, ()), {})
        for entry in entries:
            key = entry.key.casefold()
            fields.lines[key] = entry.line
            if key in _TEXT_FIELDS:
                value = entry.text()
                if not value:
                    self.problems.warning(
                        self.file, entry.line, f"`{key}` is not text", f"write `{key}: ...` on one line"
                    )
                fields.texts[key] = value
            elif key in _LIST_FIELDS:
                values = entry.texts()
                if values is None:
                    self.problems.warning(
                        self.file, entry.line, f"`{key}` is not a list of words", f"write `{key}: [one, two]`"
                    )
                fields.lists[key] = tuple(dict.fromkeys(value for value in values or () if value))
        for key in ("title", "summary"):
            if key not in fields.lines:
                self.problems.warning(self.file, 1, f"no `{key}`", f"add a `{key}:` line to the front matter")
        return fields

    def _tiers(self, body: str, offset: int) -> tuple[dict[Level, Tier] | None, tuple[Source, ...]]:
        """Return the depths found and the works listed; no depths when the page must be refused."""
        blocks = _blocks(body, offset)
        found: dict[Level, Tier] = {}
        collected: list[Block] = []
        current: tuple[Level, int] | None = None

        def close() -> None:
            if current is not None and current[0] not in found:
                found[current[0]] = Tier(current[0], current[1], tuple(collected))
            collected.clear()

        for block in blocks:
            level = _heading_level(block)
            if level is not None:
                close()
                if level in found:
                    self.problems.error(
                        self.file,
                        block.first_line,
                        f"a second `# {level.label}`",
                        "join the two; only the first is used",
                    )
                current = (level, block.first_line)
                continue
            if self._refuse_plain_heading(block):
                return None, ()
            collected.append(block)
        close()
        if not found:
            self.problems.warning(
                self.file,
                offset,
                "no depth heading, so not a concept",
                "add `# Basic`, or name the file `_index.md`",
            )
            return None, ()
        sources: tuple[Source, ...] = ()
        if advanced := found.get(Level.ADVANCED):
            listed = read_sources(advanced.blocks)
            sources = listed.sources
            found[Level.ADVANCED] = Tier(Level.ADVANCED, advanced.line, listed.prose)
        self._report_gaps(found, sources, offset)
        return found, sources

    def _refuse_plain_heading(self, block: Block) -> bool:
        if block.kind is not BlockKind.TEXT:
            return False
        for number, line in enumerate(block.text.split("\n")):
            level = level_of_heading(line.strip().strip("*_:"))
            if level is not None:
                self.problems.error(
                    self.file,
                    block.first_line + number,
                    f"a plain line `{line.strip()}` in place of a heading",
                    f"write `# {line.strip().strip('*_:')}`",
                )
                return True
        return False

    def _report_gaps(self, tiers: dict[Level, Tier], sources: tuple[Source, ...], offset: int) -> None:
        for level in Level:
            tier = tiers.get(level)
            if tier is None:
                self.problems.warning(
                    self.file,
                    offset,
                    f"no `# {level.label}`",
                    "write it; until then readers get the nearest depth",
                )
            elif not tier.blocks and not (level is Level.ADVANCED and sources):
                self.problems.warning(
                    self.file, tier.line, f"`# {level.label}` is empty", "write it, or delete the heading"
                )
                del tiers[level]


@dataclass(slots=True)
class _Fields:
    texts: dict[str, str | None]
    lists: dict[str, tuple[str, ...]]
    lines: dict[str, int]


def _blocks(body: str, offset: int) -> list[Block]:
    """Return the top-level blocks of a Markdown text whose first line is line `offset` of its file."""
    from markdown_it import MarkdownIt

    lines = body.split("\n")
    blocks: list[Block] = []
    # Only blocks are wanted; reading what stands inside them costs minutes where brackets nest without end.
    for token in MarkdownIt("commonmark").enable("table").disable("inline").parse(body):
        if token.level != 0 or token.map is None or token.nesting < 0:
            continue
        first, end = token.map
        while end > first and not lines[end - 1].strip():
            end -= 1
        text = "\n".join(lines[first:end])
        if text.strip():
            blocks.append(Block(_kind(token.type, text), text, offset + first, len(blocks)))
    return blocks


def _kind(token: str, text: str) -> BlockKind:
    if token == "heading_open":  # noqa: S105  # a Markdown token, not a secret
        return BlockKind.HEADING
    if token == "paragraph_open":  # noqa: S105
        stripped = text.strip()
        images = _ONLY_IMAGES.match(stripped) or _SHORTCODE_FIGURE.match(stripped)
        return BlockKind.IMAGE if images else BlockKind.TEXT
    if token in {"bullet_list_open", "ordered_list_open"}:
        return BlockKind.LIST
    return BlockKind.OTHER


def _heading_level(block: Block) -> Level | None:
    """Return the depth that a block opens; `# Basic`, `## Basic` and an underlined `Basic` all do."""
    if block.kind is not BlockKind.HEADING:
        return None
    return level_of_heading(block.text.split("\n")[0].strip().strip("#").strip().strip("*_:"))
