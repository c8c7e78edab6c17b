from __future__ import annotations

import threading
from collections import Counter
from functools import partial

import pytest

from bot.ahead import Ahead


def test_each_work_is_done_once_whoever_does_it() -> None:
    ahead, worked = Ahead(), Counter[int]()

    def work(number: int) -> int:
        worked[number] += 1
        return 2 * number

    found = [ahead.begin(partial(work, number)) for number in range(50)]
    for number in reversed(range(50)):
        assert [found[number](), found[number]()] == [2 * number, 2 * number]
    assert worked == Counter(range(50))


def test_what_it_has_not_begun_is_done_by_whoever_needs_it() -> None:
    ahead, free = Ahead(), threading.Event()
    slow = ahead.begin(lambda: free.wait(10))
    assert ahead.begin(lambda: threading.current_thread().name)() == "MainThread"
    free.set()
    assert slow()


def test_an_error_is_raised_where_the_result_is_needed() -> None:
    found = Ahead().begin(lambda: int("no number"))
    with pytest.raises(ValueError, match="no number"):
        found()
