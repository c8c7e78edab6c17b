"""`python -m tests.count_library`: the library's size, as the table in README; `--write` puts it there."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from index.levels import Level
from index.library import read_library

REPOSITORY = Path(__file__).resolve().parent.parent
PLACE = re.compile(r"(?<=<!-- counts: python -m tests.count_library -->\n).*?(?=<!-- /counts -->)", re.DOTALL)


def table() -> str:
    """Return the counts as a Markdown table."""
    library = read_library(REPOSITORY / "knowledge")
    pages = list(library.pages.values())
    groups = Counter(page.tags[0] for page in pages if page.tags)
    cited = {reference.url for page in pages for source in page.sources if (reference := library.reference(source))}
    words = sum(len(block.text.split()) for page in pages for tier in page.tiers.values() for block in tier.blocks)
    rows = [
        (
            "Concepts",
            f"{len(pages)}, by group: {', '.join(f'{name} {count}' for name, count in sorted(groups.items()))}",
        ),
        *((f"with {level.label}", str(sum(level in page.tiers for page in pages))) for level in Level),
        ("Works cited, summarised and checked", str(len(cited))),
        ("Words, without the summaries of works", f"{words:,}"),
    ]
    return "| The library | |\n|---|---|\n" + "".join(f"| {name} | {value} |\n" for name, value in rows)


if __name__ == "__main__":
    if "--write" in sys.argv:
        readme = REPOSITORY / "README.md"
        readme.write_text(PLACE.sub(table(), readme.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(table())
