"""What the last look at all links found, kept in the state folder."""

from __future__ import annotations

import logging
import secrets
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

_FILE = "links.json"
_log = logging.getLogger(__name__)


class LinkVerdict(StrEnum):
    """How a link is."""

    GOOD = "good"
    MOVED = "moved"
    """It works, and its server says that it has another address for good."""
    UNCLEAR = "unclear"
    """Nobody can tell from here: too many requests, a login, a fault of the server, no answer in time."""
    BROKEN = "broken"


class LinkResult(BaseModel):
    """One address: how it is, the last status if there was an answer, why, where it led, and where it stands."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    verdict: LinkVerdict
    status: int | None = None
    note: str = ""
    location: str | None = None
    places: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = self.places[0] if self.places else "?"
        more = f" (and {len(self.places) - 1} more places)" if len(self.places) > 1 else ""
        lead = f" -> {self.location}" if self.location else ""
        return f"{where}{more} {self.verdict} {self.url}: {self.note}{lead}"


class LinkReport(BaseModel):
    """All links at one time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    checked_at: datetime
    results: tuple[LinkResult, ...]

    def count(self, verdict: LinkVerdict) -> int:
        """Return how many links are so."""
        return sum(result.verdict is verdict for result in self.results)

    def line(self) -> str:
        """Return the whole in one line: how many, when, and how many of each kind."""
        kinds = ", ".join(f"{self.count(verdict)} {verdict}" for verdict in LinkVerdict)
        return f"{len(self.results)} links checked on {self.checked_at:%Y-%m-%d}: {kinds}"

    @property
    def reached_any(self) -> bool:
        """Whether any server answered; if none did, the fault is probably ours."""
        return any(result.status is not None for result in self.results)


def write_link_report(state: Path, report: LinkReport) -> Path:
    """Keep a report in place of the last one; return its file."""
    state.mkdir(parents=True, exist_ok=True)
    temporary = state / f".links-{secrets.token_hex(6)}"
    temporary.write_text(report.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return temporary.replace(state / _FILE)


def last_link_report(state: Path) -> LinkReport | None:
    """Return the last report, None when links were never checked or its file is damaged.

    Reads a file, so call it in a thread where an event loop runs.
    """
    try:
        return LinkReport.model_validate_json((state / _FILE).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        _log.warning("%s: cannot be read (%s)", state / _FILE, type(error).__name__)
        return None
