"""What builds and going back share, so that only one of them changes what serves at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


@contextmanager
def build_lock(state: Path, busy: Exception, unwritable: Callable[[str], Exception]) -> Iterator[None]:
    """Hold the lock of a state folder, without waiting for it.

    Args:
        state: the folder.
        busy: raised where another holds it.
        unwritable: makes what is raised where the folder cannot be written to, from words that say so.
    """
    lock = FileLock(state / "build.lock", blocking=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise busy from error
    except OSError as error:
        raise unwritable(f"{state}: cannot be written to ({error.strerror})") from error
    try:
        yield
    finally:
        lock.release()
