from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.batching import Batcher


def test_everyone_gets_their_own_result_and_those_who_wait_share_a_batch() -> None:
    sizes: list[int] = []
    first_began, may_end = threading.Event(), threading.Event()

    def double(items: Sequence[int]) -> list[int]:
        sizes.append(len(items))
        first_began.set()
        assert may_end.wait(10)
        return [2 * item for item in items]

    batcher = Batcher(double, largest=8)
    with ThreadPoolExecutor(21) as threads:
        first = threads.submit(batcher, 0)
        assert first_began.wait(10)
        others = [threads.submit(batcher, number) for number in range(1, 21)]
        while batcher.waiting < 20:
            threading.Event().wait(0.001)
        may_end.set()
        assert first.result(10) == 0
        assert [future.result(10) for future in others] == [2 * number for number in range(1, 21)]
    assert sizes == [1, 8, 8, 4], "whoever comes first does not wait for others, and no batch is too large"


def test_an_error_reaches_everyone_of_its_batch_and_nobody_else() -> None:
    def divide(items: Sequence[int]) -> list[float]:
        return [1 / item for item in items]

    batcher = Batcher(divide, largest=4)
    with pytest.raises(ZeroDivisionError):
        batcher(0)
    assert batcher(4) == 0.25


def test_nothing_is_lost_when_many_come_at_once() -> None:
    def negate(items: Sequence[int]) -> list[int]:
        return [-item for item in items]

    batcher = Batcher(negate, largest=3)
    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(batcher, range(500))) == [-number for number in range(500)]
