"""A hold: somebody or something decided which generation serves, so no automatic build may overrule that."""

from __future__ import annotations

import hashlib
import logging
import secrets
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from index.golden import GOLDEN_FILE

_FILE = "hold.json"
_log = logging.getLogger(__name__)


class HoldReason(StrEnum):
    """Why the generation that serves is not the one that the content would make."""

    ROLLBACK = "rollback"
    REFUSED = "refused"


class Hold(BaseModel):
    """Content and model as they were when the decision fell; it holds for as long as both stay the same."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: HoldReason
    content: str
    model: str


def fingerprint(knowledge: Path, content_hash: str) -> str:
    """Return what changes whenever the content (its hash is given) or its golden questions do."""
    digest = hashlib.sha256(content_hash.encode())
    try:
        digest.update((knowledge / GOLDEN_FILE).read_bytes())
    except OSError:
        digest.update(b"no golden questions")
    return digest.hexdigest()


def read_hold(state: Path) -> Hold | None:
    """Return the hold that stands, None when there is none or its file is damaged."""
    try:
        return Hold.model_validate_json((state / _FILE).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        _log.warning("%s: cannot be read (%s); nothing is held", state / _FILE, type(error).__name__)
        return None


def put_hold(state: Path, hold: Hold) -> None:
    """Let no automatic build overrule what serves, until the content or the model changes."""
    temporary = state / f".hold-{secrets.token_hex(6)}"
    temporary.write_text(hold.model_dump_json() + "\n", encoding="ascii")
    temporary.replace(state / _FILE)


def release(state: Path) -> None:
    """End the hold, if there is one."""
    (state / _FILE).unlink(missing_ok=True)
