"""What somebody who asks for a build wants of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """How to build.

    Attributes:
        dry_run: show what would change, and swap nothing.
        override: swap even if golden questions that were answered right no longer are.
        pull: fetch the content from its git remote first, if the settings say that it has one.
    """

    dry_run: bool = False
    override: bool = False
    pull: bool = False
