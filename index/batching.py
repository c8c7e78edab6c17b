"""Doing at once what several threads ask for at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class _Request(Generic[Item, Result]):
    """One thread's item, and its result once somebody has worked it out."""

    __slots__ = ("done", "error", "item", "result")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.result: Result | None = None
        self.error: BaseException | None = None
        self.done = threading.Event()


class Batcher(Generic[Item, Result]):
    """Brings together what waits: a thread never waits for others to come, only for work that has begun.

    Whoever comes while nobody works does the work at once, for everyone who waits by then.
    """

    def __init__(self, work: Callable[[Sequence[Item]], Sequence[Result]], *, largest: int) -> None:
        """Prepare.

        Args:
            work: gives a result for each item, in order.
            largest: the most items in one batch.
        """
        self._work = work
        self._largest = largest
        self._waiting: list[_Request[Item, Result]] = []
        self._guard = threading.Lock()
        self._working = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many items nobody has begun to work on."""
        with self._guard:
            return len(self._waiting)

    def __call__(self, item: Item) -> Result:
        """Return the result for an item; an error of the work is raised for everyone in its batch."""
        request: _Request[Item, Result] = _Request(item)
        with self._guard:
            self._waiting.append(request)
        with self._working:
            # Whoever worked while this thread waited may have taken its item along.
            while not request.done.is_set():
                self._work_once()
        if request.error is not None:
            raise request.error
        return request.result  # type: ignore[return-value]  # set whenever there is no error

    def _work_once(self) -> None:
        with self._guard:
            batch, self._waiting = self._waiting[: self._largest], self._waiting[self._largest :]
        try:
            results = self._work([request.item for request in batch])
            for request, result in zip(batch, results, strict=True):
                request.result = result
        except BaseException as error:
            for request in batch:
                request.error = error
            if not isinstance(error, Exception):
                raise
        finally:
            for request in batch:
                request.done.set()
