"""Extras: which ones are installed, and whether the settings need one that is not."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator

from bot.doctor.finding import Finding, ok, warning
from bot.doctor.patient import Patient
from bot.doctor.versions import installed, requirements


def check_extras(patient: Patient) -> Iterator[Finding]:
    """Yield which extras there are, and what is missing for what was asked for."""
    try:
        known = importlib.metadata.metadata("fathom").get_all("Provides-Extra") or []
    except importlib.metadata.PackageNotFoundError:
        remedy = "install it with: pip install -e ."
        yield warning("extras", "the bot runs from its folder and is not installed", remedy)
        return
    there = [extra for extra in known if _complete(extra)]
    yield ok("extras", f"installed: {', '.join(there) or 'none'}; not: {_others(known, there)}")
    if patient.settings.watching.port is not None and "metrics" not in there:
        remedy = "install it with: pip install -e '.[metrics]'"
        yield warning("extras", "watching: names a port, and there are no metrics without prometheus-client", remedy)


def _complete(extra: str) -> bool:
    return all(installed(requirement) is not None for requirement in requirements(extra))


def _others(known: list[str], there: list[str]) -> str:
    return ", ".join(extra for extra in known if extra not in there) or "none"
