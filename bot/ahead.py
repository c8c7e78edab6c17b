"""Beginning work on another processor before its results are needed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

Result = TypeVar("Result")


class Ahead:
    """One thread that works ahead of the others; where it has fallen behind, they do their work themselves."""

    def __init__(self) -> None:
        """Prepare; the thread starts with the first work, and ends when nobody holds this any more."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ahead")

    def begin(self, work: Callable[[], Result]) -> Callable[[], Result]:
        """Begin to work; return what gives the result, waiting if need be."""
        task = self._thread.submit(work)

        @cache
        def result() -> Result:
            return work() if task.cancel() else task.result()

        return result
