"""The report: a table in a terminal, lines elsewhere, JSON on demand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.doctor.finding import Finding, Severity

_STYLES = {Severity.OK: "green", Severity.WARNING: "yellow", Severity.ERROR: "bold red"}


def as_json(findings: Sequence[Finding]) -> str:
    """Return the findings as a JSON array of objects."""
    return json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False)


def as_lines(findings: Sequence[Finding]) -> str:
    """Return a line for each finding: severity, what, message -> remedy."""
    return "\n".join(
        f"{finding.severity} {finding.what}: {finding.message}" + (f" -> {finding.remedy}" if finding.remedy else "")
        for finding in findings
    )


def summary(findings: Sequence[Finding]) -> str:
    """Return how many errors and warnings there are."""
    errors, warnings = (
        sum(finding.severity is kind for finding in findings) for kind in (Severity.ERROR, Severity.WARNING)
    )
    return f"{errors} errors, {warnings} warnings"


def print_table(findings: Sequence[Finding], console: Console) -> None:
    """Print the findings as a table; nothing in them is read as markup."""
    table = Table(box=None, pad_edge=False)
    for heading in ("", "what", "found", "remedy"):
        table.add_column(heading, overflow="fold")
    for finding in findings:
        severity = Text(finding.severity.value, _STYLES[finding.severity])
        # An address that is broken over lines can still be opened, where the terminal knows links.
        link = f"link {finding.message}" if finding.message.startswith("https://") else ""
        table.add_row(severity, Text(finding.what), Text(finding.message, link), Text(finding.remedy))
    console.print(table)
    console.print(summary(findings), markup=False)
