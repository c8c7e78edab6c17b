"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad it is: a warning can wait, with an error the bot does not work as it should."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; the remedy is empty where there is nothing to mend."""

    severity: Severity
    what: str
    message: str
    remedy: str = ""


def ok(what: str, message: str, remedy: str = "") -> Finding:
    """Return that something is well."""
    return Finding(Severity.OK, what, message, remedy)


def warning(what: str, message: str, remedy: str) -> Finding:
    """Return that something should be mended."""
    return Finding(Severity.WARNING, what, message, remedy)


def error(what: str, message: str, remedy: str) -> Finding:
    """Return that something must be mended."""
    return Finding(Severity.ERROR, what, message, remedy)
