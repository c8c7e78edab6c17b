"""What is fuzzed: bytes in, and only what the documents promise out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from random import Random
from typing import ClassVar


class BrokenPromiseError(AssertionError):
    """Something came out that no document promises."""


class Target(ABC):
    """One reader of strangers' bytes, in a scratch folder of its own."""

    name: ClassVar[str]

    def __init__(self, folder: Path) -> None:
        """Prepare; files go into the folder, which is on memory where there is such a place."""
        self.folder = folder

    @abstractmethod
    def make(self, random: Random) -> bytes:
        """Return an input: a real one that was mutated, or one built to hurt."""

    @abstractmethod
    def check(self, data: bytes) -> str:
        """Feed an input; return in a word what became of it, for the count.

        Raises:
            BrokenPromiseError: the outcome is not one that is documented; so is any other exception.
        """

    def close(self) -> None:  # noqa: B027  # most targets hold nothing
        """Let go of what the target holds."""


def promise(kept: object, words: str) -> None:
    """Complain unless a promise was kept."""
    if not kept:
        raise BrokenPromiseError(words)
