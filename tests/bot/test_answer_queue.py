from __future__ import annotations

import asyncio
import threading

import pytest

from bot.answer_queue import AnswerQueue, BusyError, NotNowError
from bot.answer_service import NotReadyError
from bot.language import NAMES, speak
from bot.not_now import not_now


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Gate:
    """Work that goes on until it is let go."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.begun = threading.Semaphore(0)

    def __call__(self) -> str:
        self.begun.release()
        assert self.open.wait(30)
        return "done"


async def test_nobody_joins_a_line_in_which_the_first_has_waited_too_long() -> None:
    clock, gate = Clock(), Gate()
    queue = AnswerQueue(1, 10.0, clock=clock)
    first = asyncio.create_task(queue.run(gate))
    await asyncio.to_thread(gate.begun.acquire)
    second = asyncio.create_task(queue.run(lambda: "second"))
    await asyncio.sleep(0)
    assert (queue.working, queue.waiting) == (1, 1)
    clock.now = 10.0
    assert queue.expected_wait == 10.0
    queue.admit()
    clock.now = 10.1
    with pytest.raises(BusyError):
        await queue.run(lambda: "third")
    assert queue.waiting == 1, "who was refused does not wait"
    gate.open.set()
    assert [await first, await second] == ["done", "second"]
    assert (queue.working, queue.waiting, queue.expected_wait) == (0, 0, 0.0)
    assert await queue.run(lambda: "fourth") == "fourth"
    queue.close()


async def test_what_answers_took_lately_says_how_long_the_line_is() -> None:
    clock, gate = Clock(), Gate()
    queue = AnswerQueue(2, 10.0, clock=clock)

    def slow() -> None:
        clock.now += 2.0

    for _ in range(60):
        await queue.run(slow)
    held = [queue.submit(gate) for _ in range(2)]
    for _ in held:
        await asyncio.to_thread(gate.begun.acquire)
    line = [queue.submit(lambda: None) for _ in range(10)]
    assert queue.expected_wait == pytest.approx(10.0, abs=0.1)
    queue.admit()
    line.append(queue.submit(lambda: None))
    with pytest.raises(BusyError):
        queue.admit()
    gate.open.set()
    await asyncio.gather(*map(asyncio.wrap_future, [*held, *line]))
    queue.admit()
    queue.close()


async def test_zero_is_no_limit() -> None:
    gate = Gate()
    queue = AnswerQueue(1, 0.0)
    tasks = [asyncio.create_task(queue.run(gate)) for _ in range(500)]
    await asyncio.sleep(0)
    queue.admit()
    gate.open.set()
    assert set(await asyncio.gather(*tasks)) == {"done"}
    queue.close()


async def test_closing_sends_the_line_away_and_lets_the_running_answer_end() -> None:
    gate = Gate()
    queue = AnswerQueue(1)
    running = asyncio.create_task(queue.run(gate))
    await asyncio.to_thread(gate.begun.acquire)
    line = [asyncio.create_task(queue.run(lambda: "never")) for _ in range(100)]
    await asyncio.sleep(0)
    queue.close()
    outcomes = await asyncio.gather(*line, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {BusyError}
    assert queue.waiting == 0
    with pytest.raises(BusyError):
        await queue.run(lambda: "too late")
    gate.open.set()
    assert await running == "done"


async def test_who_gives_up_waiting_is_cancelled_and_leaves_the_line() -> None:
    gate = Gate()
    queue = AnswerQueue(1)
    running = asyncio.create_task(queue.run(gate))
    await asyncio.to_thread(gate.begun.acquire)
    waiting = asyncio.create_task(queue.run(lambda: "never"))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert queue.waiting == 0
    gate.open.set()
    await running
    queue.close()


async def test_an_error_of_the_work_reaches_who_asked_and_nobody_else() -> None:
    queue = AnswerQueue(1)

    def fail() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        await queue.run(fail)
    assert await queue.run(lambda: 1) == 1
    assert queue.working == 0
    queue.close()


@pytest.mark.parametrize("language", NAMES)
def test_each_reason_has_words_for_asking_and_for_pressing(language: str) -> None:
    speak(language)
    said = {
        not_now(error, pressed=pressed)
        for error in (NotNowError(), NotReadyError(), BusyError())
        for pressed in (False, True)
    }
    speak("en")
    assert len(said) == 4
