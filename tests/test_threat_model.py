"""Every test that the threat model names is there."""

from __future__ import annotations

import re

from tests.conftest import REPOSITORY


def test_every_test_that_is_named_exists() -> None:
    text = (REPOSITORY / "docs" / "threat-model.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", text)
    rows = [line for line in text.splitlines() if line.startswith("| ") and "::" in line]
    assert len(rows) > 10
    assert len(rows) == sum(
        line.startswith("|") and not line.startswith(("| Who", "|---")) for line in text.splitlines()
    )
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (REPOSITORY / file).is_file()
        or not re.search(rf"^(?:async )?def {name}\(", (REPOSITORY / file).read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert missing == []
