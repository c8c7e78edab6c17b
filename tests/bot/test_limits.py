from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import LimitSettings
from bot.limits import Limited, Limits, TokenBuckets
from bot.turns import Turns


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def take(buckets: TokenBuckets, key: int) -> bool:
    if buckets.wait(key) > 0:
        return False
    buckets.take(key)
    return True


STEPS = st.lists(st.tuples(st.floats(0, 40), st.integers(0, 3)), max_size=150)


@given(per_minute=st.integers(1, 30), steps=STEPS)
def test_nobody_gets_more_than_a_minutes_worth_and_what_flows_in_since(
    per_minute: int, steps: list[tuple[float, int]]
) -> None:
    clock = Clock()
    buckets = TokenBuckets(per_minute, clock=clock)
    granted: dict[int, list[float]] = {}
    for seconds, key in steps:
        clock.now += seconds
        if take(buckets, key):
            granted.setdefault(key, []).append(clock.now)
    for times in granted.values():
        for number, start in enumerate(times):
            for count, end in enumerate(times[number:], start=1):
                assert count <= per_minute * (1 + (end - start) / 60) + 1e-3


@given(per_minute=st.integers(1, 30), steps=STEPS)
def test_one_key_never_costs_another_and_waiting_as_long_as_told_is_enough(
    per_minute: int, steps: list[tuple[float, int]]
) -> None:
    clock, alone_clock = Clock(), Clock()
    together, alone = TokenBuckets(per_minute, clock=clock), TokenBuckets(per_minute, clock=alone_clock)
    for seconds, key in steps:
        clock.now += seconds
        alone_clock.now += seconds
        got = take(together, key)
        if key == 0:
            assert got == take(alone, 0)
    for key in range(4):
        clock.now += together.wait(key)
        assert take(together, key)


@given(keys=st.lists(st.integers(0, 1_000), max_size=300))
def test_memory_is_bounded_and_full_buckets_are_forgotten(keys: list[int]) -> None:
    clock = Clock()
    buckets = TokenBuckets(5, clock=clock, most=50)
    for key in keys:
        take(buckets, key)
        assert len(buckets) <= 50
    clock.now += 61
    take(buckets, -1)
    assert len(buckets) == 1


def test_a_refusal_says_whose_limit_how_long_and_whether_it_is_the_first() -> None:
    clock = Clock()
    limits = Limits(LimitSettings(per_member=2, per_channel=3), clock=clock)
    assert [limits.ask(1, 9), limits.ask(1, 9)] == [None, None]
    first, second = limits.ask(1, 9), limits.ask(1, 9)
    assert first is not None
    assert second is not None
    assert (first.whose, round(first.seconds)) == (Limited.MEMBER, 30)
    assert [limits.first_word(refusal, 1, 9) for refusal in (first, second)] == [True, False]
    assert limits.ask(2, 9) is None, "another member still may"
    full = limits.ask(3, 9)
    assert full is not None
    assert full.whose is Limited.CHANNEL
    assert [limits.first_word(full, who, 9) for who in (3, 4)] == [True, False], "one word for the whole channel"
    assert limits.ask(3, 8) is None, "a refusal by the channel cost the member nothing"
    assert limits.ask(3, None) is None
    clock.now += first.seconds
    assert limits.ask(1, None) is None
    again = limits.ask(1, None)
    assert again is not None
    assert limits.first_word(again, 1, 9), "after an answer, one is told again"


def test_zero_turns_a_limit_off() -> None:
    limits = Limits(LimitSettings(per_member=0, per_channel=0, presses_per_member=0))
    assert [limits.ask(1, 1) for _ in range(1000)] == [None] * 1000
    assert [limits.press(1) for _ in range(1000)] == [None] * 1000


@pytest.mark.parametrize(("at_once", "most_seen"), [(1, 1), (3, 3), (0, 20)])
async def test_turns_let_only_so_much_run_at_once_and_forget_empty_lines(at_once: int, most_seen: int) -> None:
    turns = Turns(at_once)
    running: dict[int, int] = {1: 0, 2: 0}
    most: dict[int, int] = {1: 0, 2: 0}

    async def work(member: int, number: int) -> None:
        async with turns.of(member):
            running[member] += 1
            most[member] = max(most[member], running[member])
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            running[member] -= 1
            if number == 3:
                raise ValueError

    results = await asyncio.gather(
        *(work(member, number) for number in range(20) for member in (1, 2)), return_exceptions=True
    )
    assert sum(isinstance(result, ValueError) for result in results) == 2
    assert most == {1: most_seen, 2: most_seen}
    assert len(turns) == 0


async def test_whoever_leaves_the_line_does_not_hold_up_the_others() -> None:
    turns = Turns(1)
    held = asyncio.Event()

    async def hold() -> None:
        async with turns.of(1):
            await held.wait()

    async def wait_in_line() -> str:
        async with turns.of(1):
            return "done"

    first = asyncio.create_task(hold())
    second, third = asyncio.create_task(wait_in_line()), asyncio.create_task(wait_in_line())
    await asyncio.sleep(0)
    second.cancel()
    held.set()
    await first
    assert await third == "done"
    assert len(turns) == 0
