"""Versions: what is installed, held against what this version of the bot was tested with."""

from __future__ import annotations

import importlib.metadata
import platform
import sys
from collections.abc import Iterator

from packaging.requirements import Requirement

from bot.doctor.finding import Finding, error, ok, warning
from bot.doctor.patient import Patient

_PYTHON = (3, 11)
_NAMED = ("discord.py", "torch", "sentence-transformers", "onnxruntime", "faiss-cpu", "SQLAlchemy")
_REMEDY = "install what the bot was tested with: pip install -e ."


def check_versions(_: Patient) -> Iterator[Finding]:
    """Yield Python's version and that of every library that is missing or another than asked for."""
    if sys.version_info < _PYTHON:
        yield error("Python", f"{platform.python_version()} is too old", "install Python 3.11 or newer")
    else:
        yield ok("Python", platform.python_version())
    wrong = False
    for requirement in requirements():
        found = installed(requirement)
        if found is None:
            wrong = True
            yield error("versions", f"{requirement.name} is not installed", _REMEDY)
        elif not requirement.specifier.contains(found, prereleases=True):
            wrong = True
            asked = f"{requirement.name} is {found}, asked for was {requirement.specifier}"
            yield warning("versions", asked, _REMEDY)
    if not wrong:
        named = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _NAMED)
        yield ok("versions", f"{named}; all as asked for")


def requirements(extra: str = "") -> list[Requirement]:
    """Return what the bot needs on this machine, or what an extra adds to that."""
    try:
        lines = importlib.metadata.requires("fathom") or []
    except importlib.metadata.PackageNotFoundError:
        return []
    wanted = []
    for requirement in map(Requirement, lines):
        marker = requirement.marker
        plain = marker is None or marker.evaluate({"extra": ""})
        if plain is not bool(extra) and (not extra or (marker is not None and marker.evaluate({"extra": extra}))):
            wanted.append(requirement)
    return wanted


def installed(requirement: Requirement) -> str | None:
    """Return the version of a requirement that is installed; None if it is not."""
    try:
        return importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        return None
