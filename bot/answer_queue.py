"""The line in which questions wait for a thread: first come, first served, and no longer than is worth waiting."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import TypeVar

T = TypeVar("T")
Clock = Callable[[], float]
# What a question is thought to take before any was answered, and how much the latest one changes that.
_FIRST_GUESS_SECONDS, _SHARE_OF_LATEST = 0.05, 0.1


class NotNowError(Exception):
    """A question that cannot be answered now, and could be in a minute."""


class BusyError(NotNowError):
    """So many questions wait that one more would wait too long."""


class AnswerQueue:
    """A few threads, and what waits for them."""

    def __init__(
        self,
        threads: int,
        longest_wait: float = 0.0,
        *,
        on_start: Callable[[float], None] = lambda _: None,
        clock: Clock = time.monotonic,
    ) -> None:
        """Begin with nothing to do.

        Args:
            threads: how much is worked on at the same time.
            longest_wait: nobody is let in who would have to wait for more seconds than these; 0 for no limit.
            on_start: told how many seconds a piece of work waited for its thread; called in that thread.
            clock: seconds that never go back.
        """
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="answer")
        self._count = threads
        self._longest_wait = longest_wait
        self._on_start = on_start
        self._clock = clock
        self._guard = threading.Lock()
        self._seconds_each = _FIRST_GUESS_SECONDS
        # Since when each waits, in the order of coming.
        self._waiting: dict[object, float] = {}
        self._working = 0
        self._closed = False

    @property
    def waiting(self) -> int:
        """How many wait for a thread."""
        return len(self._waiting)

    @property
    def working(self) -> int:
        """How many are being worked on."""
        return self._working

    @property
    def expected_wait(self) -> float:
        """How many seconds one more would probably wait: no fewer than the first in line has waited by now."""
        with self._guard:
            if not self._waiting:
                return 0.0
            waited = self._clock() - next(iter(self._waiting.values()))
            return max(waited, len(self._waiting) * self._seconds_each / self._count)

    def admit(self) -> None:
        """Let one more in.

        Raises:
            BusyError: it would wait too long, or the bot is being stopped.
        """
        if self._closed or (self._longest_wait and self.expected_wait > self._longest_wait):
            raise BusyError("too many questions are waiting")

    async def run(self, work: Callable[[], T]) -> T:
        """Return what the work returns, once it had its turn.

        Raises:
            BusyError: it would wait too long, or the bot was stopped while it waited.
        """
        self.admit()
        # What the task keeps out of the log stays out of it in the thread.
        future = self.submit(partial(copy_context().run, work))
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if future.cancelled() and task is not None and not task.cancelling():
                raise BusyError("the bot is being stopped") from None
            raise

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Put work in line, however long that is."""
        ticket = object()
        with self._guard:
            self._waiting[ticket] = self._clock()
        future = self._threads.submit(self._in_turn, ticket, work)
        future.add_done_callback(lambda _: self._leave(ticket))
        return future

    def close(self) -> None:
        """Let nobody in any more, and raise `BusyError` for all who wait; what is being worked on goes on."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _in_turn(self, ticket: object, work: Callable[[], T]) -> T:
        started = self._clock()
        came = self._leave(ticket)
        self._on_start(started - came if came is not None else 0.0)
        with self._guard:
            self._working += 1
        try:
            return work()
        finally:
            with self._guard:
                self._working -= 1
                self._seconds_each += _SHARE_OF_LATEST * (self._clock() - started - self._seconds_each)

    def _leave(self, ticket: object) -> float | None:
        with self._guard:
            return self._waiting.pop(ticket, None)
