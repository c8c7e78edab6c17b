"""Parts that not every installation has."""

from __future__ import annotations

import importlib.util


class MissingExtraError(Exception):
    """Something was asked for that needs an extra; the message holds the command that installs it."""


def require_extra(extra: str, *modules: str) -> None:
    """Make sure that the modules of an extra are installed.

    Raises:
        MissingExtraError: one is not.
    """
    missing = [module for module in modules if importlib.util.find_spec(module) is None]
    if missing:
        raise MissingExtraError(
            f"this needs {', '.join(missing)}, which this installation lacks. Install with: pip install -e '.[{extra}]'"
        )
