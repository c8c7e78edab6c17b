"""When what is being handled came in: set where an event arrives, seen in every task that it starts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_came: ContextVar[float | None] = ContextVar("came", default=None)


@contextmanager
def arriving() -> Iterator[None]:
    """Tasks that are started in this block handle an event that came in now."""
    token = _came.set(time.monotonic())
    try:
        yield
    finally:
        _came.reset(token)


def seconds_since_arrival() -> float | None:
    """Return how long ago the event came in that this task handles; None outside of one."""
    came = _came.get()
    return None if came is None else time.monotonic() - came
