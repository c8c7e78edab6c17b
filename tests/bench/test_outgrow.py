from __future__ import annotations

import numpy as np
import pytest

from tests.bench.outgrow.queue import closed_queue, open_queue


def test_nobody_waits_where_nobody_else_is() -> None:
    arrivals, work = np.array([0.0, 10.0, 20.0]), np.array([1.0, 2.0, 3.0])
    assert open_queue(arrivals, work, 1.5) == pytest.approx(work)


def test_those_who_come_together_share_what_there_is() -> None:
    assert open_queue(np.zeros(2), np.array([1.0, 1.0]), 1.0) == pytest.approx([2.0, 2.0])
    assert open_queue(np.zeros(2), np.array([1.0, 1.0]), 2.0) == pytest.approx([1.0, 1.0])
    # One at a time, each with the whole of it but no more than one core.
    assert open_queue(np.zeros(3), np.ones(3), 2.0, threads=1) == pytest.approx([1.0, 2.0, 3.0])


@pytest.mark.parametrize("busy", [0.3, 0.6, 0.8])
def test_a_queue_that_has_a_formula_follows_it(busy: float) -> None:
    random = np.random.default_rng(1)
    count = 60_000
    arrivals = np.cumsum(random.exponential(1 / busy, count))
    waits = open_queue(arrivals, random.exponential(1.0, count), 1.0, threads=10_000)
    assert waits.mean() == pytest.approx(1 / (1 - busy), rel=0.1)  # M/M/1, whether shared or in line


def test_those_who_ask_again_at_once_keep_it_busy() -> None:
    waits, rate = closed_queue(20, np.full(2_000, 0.01), 1.5)
    assert rate == pytest.approx(150, rel=0.02)
    assert np.median(waits) == pytest.approx(20 / 150, rel=0.05)  # Little's law
    waits, rate = closed_queue(1, np.full(100, 0.01), 1.5)
    assert rate == pytest.approx(100)
    assert waits == pytest.approx(0.01)
