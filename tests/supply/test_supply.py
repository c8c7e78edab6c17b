"""What comes with an installation: locked by hash, of known licences."""

from __future__ import annotations

import re

import pytest
from packaging.utils import canonicalize_name

from tests.supply.licences import PAGE, Licence, licences
from tests.supply.lock import REPOSITORY, locked, wanted


def test_the_lock_holds_what_the_project_asks_for() -> None:
    """Otherwise: `.ci/lock`."""
    versions = locked()
    for requirement in wanted():
        assert canonicalize_name(requirement.name) in versions, f"{requirement} is not locked"
        version = versions[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement} is locked at {version}"


def test_nothing_in_the_lock_is_without_a_hash_or_from_elsewhere() -> None:
    text = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    assert len(locked()) == len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE)) > 50
    assert not re.search(r"^\s*(?:-e|--index-url|--extra-index-url|--find-links|git\+|file:)", text, re.MULTILINE)


def test_the_image_is_built_from_the_lock() -> None:
    steps = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8")
    installs = [line for line in steps.splitlines() if "pip install" in line]
    assert "--require-hashes -r requirements.lock" in installs[0]
    assert all("--no-deps" in line for line in installs if "torch" not in line)


def test_every_licence_is_one_that_is_accepted() -> None:
    pytest.importorskip("piplicenses", reason="pip-licenses comes with `pip install -e '.[dev]'`")
    found = licences()
    assert len(found) > 50
    assert {item.package: item.unknown for item in found if item.unknown} == {}
    listed = set(re.findall(r"^\| ([a-z0-9.-]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert {item.package for item in found} == listed, "`python -m tests.supply.licences` writes docs/licences.md anew"


@pytest.mark.parametrize("named", ["GPL-3.0", "MIT AND AGPL-3.0-only", "UNKNOWN", "Proprietary", ""])
def test_another_licence_would_be_noticed(named: str) -> None:
    assert Licence("x", named).unknown
    assert not Licence("x", "Apache-2.0 OR GPL-2.0").unknown
