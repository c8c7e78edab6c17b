"""What can go wrong with a request, on purpose."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """What happens to a request."""

    STATUS = "status"
    RATE_LIMIT = "rate limit"
    BAN = "ban"
    """A 429 without the header `Via`, as a firewall in front of Discord answers."""
    SLOW = "slow"
    LOST = "lost"
    """The connection is cut before the request was handled."""
    CUT = "cut"
    """The connection is cut after it was handled, before any of the response."""
    TORN = "torn"
    """The connection is cut in the middle of the response."""


@dataclass
class Fault:
    """One thing that goes wrong with some requests."""

    trouble: Trouble
    path: str = ""
    method: str = ""
    status: int = 500
    code: int = 0
    seconds: float = 0.5
    times: int | None = 1
    """How many requests it hits; None for all."""
    share: float = 1.0

    def hits(self, method: str, path: str, chance: random.Random) -> bool:
        """Say whether it happens to this request, and count it if so."""
        if self.times == 0 or (self.method and self.method != method) or not re.search(self.path, path):
            return False
        if self.share < 1.0 and chance.random() >= self.share:
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Faults:
    """All that goes wrong at present."""

    def __init__(self, seed: int = 7) -> None:
        self.active: list[Fault] = []
        self.happened: dict[str, int] = {}
        self._chance = random.Random(seed)

    def add(self, trouble: Trouble, path: str = "", **options: object) -> Fault:
        fault = Fault(trouble, path, **options)  # type: ignore[arg-type]
        self.active.append(fault)
        return fault

    def clear(self) -> None:
        self.active.clear()

    def strike(self, method: str, path: str) -> Fault | None:
        """Return what goes wrong with a request, if anything."""
        for fault in self.active:
            if fault.hits(method, path, self._chance):
                name = f"{fault.trouble} {fault.status}" if fault.trouble is Trouble.STATUS else str(fault.trouble)
                self.happened[name] = self.happened.get(name, 0) + 1
                return fault
        return None


def two_percent() -> list[Fault]:
    """Everything that may go wrong, each a little; together two requests in a hundred."""
    kinds: list[tuple[Trouble, dict[str, object]]] = [
        (Trouble.STATUS, {"status": 500}),
        (Trouble.STATUS, {"status": 502}),
        (Trouble.STATUS, {"status": 503}),
        (Trouble.RATE_LIMIT, {"seconds": 0.3}),
        (Trouble.SLOW, {"seconds": 0.7}),
        (Trouble.LOST, {}),
        (Trouble.CUT, {}),
        (Trouble.TORN, {}),
    ]
    left = 1.0
    faults = []
    for trouble, options in kinds:
        share = 0.02 / len(kinds)
        faults.append(Fault(trouble, times=None, share=share / left, **options))  # type: ignore[arg-type]
        left -= share
    return faults
