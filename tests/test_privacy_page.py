from __future__ import annotations

import re

from bot.storage.stores import Stores
from tests.conftest import REPOSITORY


def test_the_privacy_page_says_what_every_store_declares() -> None:
    page = (REPOSITORY / "docs" / "privacy.md").read_text(encoding="utf-8")
    holdings = [store.holds for store in Stores.over(None)]  # type: ignore[arg-type]  # nothing is read
    for marker, personal in (("personal", True), ("without names", False)):
        listed = re.search(rf"<!-- {marker} -->\n(.*?)<!-- /{marker} -->", page, re.DOTALL)
        assert listed is not None
        expected = [f"- {item.what}; kept {item.kept}" for item in holdings if item.personal is personal]
        assert listed[1].splitlines() == expected
