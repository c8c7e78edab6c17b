"""`requirements.lock` as data."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).resolve().parents[2]
# What the image has beside the base install, as `.ci/lock` says.
EXTRAS = ("metrics", "postgres")
_HASH = r" +--hash=sha256:[0-9a-f]{64}(?: \\)?\n"
_ENTRY = re.compile(rf"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+) \\\n(?:{_HASH})+", re.MULTILINE)


def locked() -> dict[str, str]:
    """Return the version of each package in the lock that has at least one hash, by its normal name."""
    text = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    return {canonicalize_name(entry["name"]): entry["version"] for entry in _ENTRY.finditer(text)}


def wanted() -> list[Requirement]:
    """Return what the image's install and its build ask for, torch left out."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    asked = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    asked += [requirement for extra in EXTRAS for requirement in extras[extra]]
    return [item for item in map(Requirement, asked) if item.name != "torch"]
