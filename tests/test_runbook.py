from __future__ import annotations

import re

from tests.conftest import REPOSITORY


def test_the_runbook_lists_every_metric_and_no_other() -> None:
    page = (REPOSITORY / "docs" / "runbook.md").read_text(encoding="utf-8")
    table = page.partition("## Metrics")[2].partition("Worth an alarm")[0]
    listed = {name.removesuffix("_total").removesuffix("_info") for name in re.findall(r"`(fathom_\w+)`", table)}
    sources = (REPOSITORY / "bot" / "watching").glob("*.py")
    made = {name for file in sources for name in re.findall(r'"(fathom_\w+)"', file.read_text(encoding="utf-8"))}
    assert listed == made
    everywhere = {name.removesuffix("_total") for name in re.findall(r"fathom_\w+", page.partition("## Metrics")[0])}
    assert everywhere - {"fathom_"} <= listed
