from __future__ import annotations

import re

from tests.conftest import REPOSITORY
from tests.count_library import PLACE, table


def test_the_table_of_counts_is_what_the_command_makes() -> None:
    match = PLACE.search((REPOSITORY / "README.md").read_text(encoding="utf-8"))
    assert match is not None
    assert match.group() == table(), "run: python -m tests.count_library --write"


def test_every_file_that_readme_links_to_exists() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", text):
        assert (REPOSITORY / target).exists(), target
