from __future__ import annotations

import threading
from collections import Counter

import pytest

from bot.ahead import Ahead


def test_each_item_is_worked_on_once_whoever_does_it() -> None:
    ahead, worked = Ahead(), Counter[str]()

    def work(item: str) -> str:
        worked[item] += 1
        return item.upper()

    found = [ahead.begin(work, [f"a{number}", f"b{number}", f"a{number}"]) for number in range(50)]
    for number in reversed(range(50)):
        assert [found[number](f"{name}{number}") for name in "aba"] == [f"A{number}", f"B{number}", f"A{number}"]
    assert set(worked.values()) == {1}
    assert len(worked) == 100


def test_what_it_has_not_begun_is_done_by_whoever_needs_it() -> None:
    ahead, free = Ahead(), threading.Event()
    slow = ahead.begin(lambda item: free.wait(10) and item, ["slow"])
    assert ahead.begin(lambda _: threading.current_thread().name, ["quick"])("quick") == "MainThread"
    free.set()
    assert slow("slow") == "slow"


def test_an_error_is_raised_where_the_result_is_needed() -> None:
    found = Ahead().begin(int, ["no number"])
    with pytest.raises(ValueError, match="no number"):
        found("no number")
