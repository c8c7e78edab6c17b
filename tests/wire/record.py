"""Every request that the bot made, judged."""

from __future__ import annotations

import json
import re
import time
from collections import deque
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.conftest import SHARED
from tests.discord.judge import ApiDescription, limit_problems

_KEPT = 5_000
_LONG_NUMBER = re.compile(r"\d{15,}|[\w-]{32}")


@dataclass(frozen=True)
class Recorded:
    """One request."""

    at: float
    method: str
    path: str
    body: Any


class Record:
    """The last requests in full, the count of all, and what was wrong with any."""

    def __init__(self) -> None:
        self.requests: deque[Recorded] = deque(maxlen=_KEPT)
        self.count = 0
        self._waiting: dict[str, Recorded] = {}
        self._judged: set[int] = set()

    def add(self, method: str, path: str, body: Any) -> None:
        self.count += 1
        recorded = Recorded(time.monotonic(), method, path, body)
        self.requests.append(recorded)
        if body is not None:
            self._waiting[_LONG_NUMBER.sub("0", f"{method} {path} {json.dumps(body)}")] = recorded

    def problems(self) -> list[str]:
        """Judge what has not been judged yet, ids apart; return what is wrong with it.

        Judging takes longer than answering, so it is left for when nobody waits for a response.
        """
        waiting, self._waiting = self._waiting, {}
        problems: list[str] = []
        for key, item in waiting.items():
            if hash(key) in self._judged:
                continue
            self._judged.add(hash(key))
            found = limit_problems(item.path, item.body)
            if (api := _description()) is not None:
                found += api.problems(item.method, item.path, item.body)
            problems += [f"{item.method} {item.path}: {problem}" for problem in found]
        return problems

    def of(self, method: str, part: str) -> list[Recorded]:
        """Return the requests of a method whose path contains something."""
        return [item for item in self.requests if item.method == method and part in item.path]


@cache
def _description() -> ApiDescription | None:
    """Discord's own description, where it is on this machine."""
    return ApiDescription(Path(SHARED) / "discord" / "openapi.json") if SHARED else None
