"""What can be wrong with the content, said so that an author can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem matters: an error keeps content out, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding: where it is (path relative to the content folder, 1-based line), what, and the mend."""

    file: str
    line: int
    severity: Severity
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.severity} {self.message} -> {self.remedy}"


class Problems(list[Problem]):
    """Findings as they are collected, for one file after another."""

    def error(self, file: str, line: int, message: str, remedy: str) -> None:
        """Add a finding that keeps something out of the library."""
        self.append(Problem(file, line, Severity.ERROR, message, remedy))

    def warning(self, file: str, line: int, message: str, remedy: str) -> None:
        """Add a finding that leaves the content usable."""
        self.append(Problem(file, line, Severity.WARNING, message, remedy))

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(problem.severity is Severity.ERROR for problem in self)
