"""`python -m tests.supply.licences`: write docs/licences.md from what is installed; a test holds it to be accepted."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from tests.supply.lock import REPOSITORY, locked

PAGE = REPOSITORY / "docs" / "licences.md"
ACCEPTED = {
    "MIT": {"MIT", "MIT License"},
    "BSD": {"BSD License", "BSD-2-Clause", "BSD-3-Clause", "3-Clause BSD License", "0BSD"},
    "Apache 2.0": {"Apache-2.0", "Apache Software License", "Apache 2.0 License", "Apache-2.0 WITH LLVM-exception"},
    "Python": {"PSF-2.0", "Python Software Foundation License", "CNRI-Python"},
    "ISC, Zlib, Boost, CC0": {"ISC", "ISC License (ISCL)", "Zlib", "BSL-1.0", "CC0-1.0"},
    # Asks for the source of changed files of the library itself, of which there are none.
    "MPL 2.0": {"MPL-2.0"},
}
"""What a bot under the MIT licence may be run and passed on with, by the names that packages give it."""
_HEAD = """# Licences of what is installed with Fathom

Made by `python -m tests.supply.licences` from the packages of `requirements.lock` and torch, as they name their own
licence; a test (`tests/supply/test_supply.py`) refuses one that is not among those accepted. Other extras are not
in it.

| Package | Licence |
|---|---|
"""


@dataclass(frozen=True, slots=True)
class Licence:
    """A package and the licence that it names."""

    package: str
    named: str

    @property
    def unknown(self) -> set[str]:
        """The parts of it that are not accepted."""
        parts = {re.sub(r"^\((.*)\)$", r"\1", part.strip()) for part in re.split(r"\bAND\b|;|,", self.named)}
        known = set().union(*ACCEPTED.values())
        choices = {part: {choice.strip() for choice in part.split(" OR ")} for part in parts}
        return {part for part, either in choices.items() if part not in known and not either & known}


def licences() -> list[Licence]:
    """Return the licences of the base install, by name."""
    command = [sys.executable, "-m", "piplicenses", "--from=mixed", "--format=json", "--with-system"]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    base = {*locked(), "torch"}
    listed = [Licence(canonicalize_name(item["Name"]), item["License"]) for item in found]
    return sorted((item for item in listed if item.package in base), key=lambda item: item.package)


def page() -> str:
    """Return the page that lists them."""
    return _HEAD + "".join(f"| {item.package} | {item.named} |\n" for item in licences())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
