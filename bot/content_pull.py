"""Fetching the content from its git remote: fast-forward only, without questions, within a time limit."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_FETCH_SECONDS = 120.0
_LAST_WORDS = 300


class PullError(Exception):
    """The remote could not be pulled; the folder is as it was."""


def pull(folder: Path, *, seconds: float = _FETCH_SECONDS) -> str:
    """Bring the folder to what its branch's remote holds; return in words what came.

    Only the fetch, which touches no file of the folder, is under the time limit. The step that changes files is
    local, is refused as a whole when it is no fast-forward or would overwrite local changes, and is never killed.

    Raises:
        PullError: git is missing, the folder has no remote branch, the fetch failed or took too long, or the
            branch cannot be fast-forwarded.
    """
    before = _git(folder, "rev-parse", "HEAD", problem=f"{folder} is not in a git repository with a commit")
    upstream = _git(
        folder,
        *("rev-parse", "--abbrev-ref", "@{upstream}"),
        problem="its branch follows no remote branch (`git branch --set-upstream-to` sets one)",
    )
    _git(folder, "fetch", "--quiet", seconds=seconds, problem=f"{upstream} could not be fetched")
    _git(
        folder,
        *("merge", "--ff-only", "--quiet", "@{upstream}"),
        problem=f"{upstream} cannot be fast-forwarded to; somebody must merge or clear local changes by hand",
    )
    after = _git(folder, "rev-parse", "HEAD", problem="its state cannot be read")
    if before == after:
        return f"{upstream} has nothing new"
    count = _git(folder, "rev-list", "--count", f"{before}..{after}", problem="its history cannot be read")
    return f"{count} new {'commit' if count == '1' else 'commits'} from {upstream}, now at {after[:10]}"


def _git(folder: Path, *arguments: str, problem: str, seconds: float | None = None) -> str:
    try:
        done = subprocess.run(  # noqa: S603  # fixed words and the operator's own folder, without a shell
            ["git", "-C", str(folder), *arguments],  # noqa: S607  # whichever git the operator has
            capture_output=True,
            check=False,
            env=_quiet(os.environ),
            stdin=subprocess.DEVNULL,
            timeout=seconds,
        )
    except FileNotFoundError as error:
        raise PullError("git is not installed on this machine, or the content folder does not exist") from error
    except subprocess.TimeoutExpired as error:
        raise PullError(f"{problem}: no answer within {seconds:.0f} s") from error
    if done.returncode != 0:
        words = " ".join(done.stderr.decode(errors="replace").split())
        raise PullError(f"{problem} ({without_password(words)[-_LAST_WORDS:] or f'git ended with {done.returncode}'})")
    return done.stdout.decode(errors="replace").strip()


def without_password(text: str) -> str:
    """Return a text without the names and passwords in its addresses."""
    return " ".join(
        f"{word.partition('://')[0]}://{word.rpartition('@')[2]}" if "://" in word and "@" in word else word
        for word in text.split()
    )


def _quiet(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for a git that asks nobody anything."""
    kept = {key: value for key, value in environment.items() if key != "DISCORD_TOKEN"}
    kept |= {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true", "SSH_ASKPASS": "true", "LC_ALL": "C"}
    kept.setdefault("GIT_SSH_COMMAND", "ssh -o BatchMode=yes -o ConnectTimeout=20")
    return kept
