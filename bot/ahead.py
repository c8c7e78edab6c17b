"""Beginning work on another processor before its results are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

Item = TypeVar("Item", bound=str)
Result = TypeVar("Result")


class Ahead:
    """One thread that works ahead of the others; where it has fallen behind, they do their work themselves."""

    def __init__(self) -> None:
        """Prepare; the thread starts with the first work, and ends when nobody holds this any more."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ahead")

    def begin(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Callable[[Item], Result]:
        """Begin to work on items in their order; return what gives the result for each, waiting if need be."""
        begun = {item: self._thread.submit(work, item) for item in dict.fromkeys(items)}

        @cache
        def result(item: Item) -> Result:
            task = begun[item]
            return work(item) if task.cancel() else task.result()

        return result
