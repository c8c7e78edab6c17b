from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from bot.content_pull import PullError, pull, without_password


def git(folder: Path, *arguments: str) -> str:
    who = {f"GIT_{role}_{part}": "t@example.org" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True, env={**os.environ, **who}
    )
    return done.stdout.strip()


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    folder = tmp_path / "upstream"
    (folder / "knowledge").mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    (folder / "knowledge" / "page.md").write_text("one\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    return folder


@pytest.fixture
def content(upstream: Path, tmp_path: Path) -> Path:
    """The content folder, inside a clone of its repository."""
    git(tmp_path, "clone", "-q", str(upstream), "clone")
    return tmp_path / "clone" / "knowledge"


def commit(folder: Path, text: str, name: str = "page.md") -> None:
    (folder / "knowledge" / name).write_text(text)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", text)


def test_new_commits_arrive(upstream: Path, content: Path) -> None:
    assert pull(content) == "origin/main has nothing new"
    commit(upstream, "two")
    commit(upstream, "three")
    assert pull(content).startswith("2 new commits from origin/main, now at ")
    assert (content / "page.md").read_text() == "three"


def test_what_is_no_fast_forward_changes_nothing(upstream: Path, content: Path) -> None:
    commit(upstream, "two")
    commit(content.parent, "our own")
    head = git(content, "rev-parse", "HEAD")
    with pytest.raises(PullError, match="cannot be fast-forwarded"):
        pull(content)
    assert (git(content, "rev-parse", "HEAD"), (content / "page.md").read_text()) == (head, "our own")
    assert git(content, "status", "--porcelain") == ""


def test_local_changes_are_never_overwritten(upstream: Path, content: Path) -> None:
    commit(upstream, "two")
    commit(upstream, "new page", "new.md")
    (content / "page.md").write_text("half written")
    with pytest.raises(PullError, match="local changes"):
        pull(content)
    assert (content / "page.md").read_text() == "half written"
    assert not (content / "new.md").exists(), "all or nothing"


def test_a_folder_without_a_remote_is_explained(upstream: Path, tmp_path: Path) -> None:
    with pytest.raises(PullError, match="follows no remote branch"):
        pull(upstream)
    (tmp_path / "plain").mkdir()
    with pytest.raises(PullError, match="not in a git repository"):
        pull(tmp_path / "plain")


def test_a_remote_that_is_gone_or_hangs_is_explained(
    upstream: Path, content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(content, "remote", "set-url", "origin", str(tmp_path / "nowhere"))
    with pytest.raises(PullError, match="could not be fetched"):
        pull(content)
    hanging = tmp_path / "hang.sh"
    hanging.write_text("#!/bin/sh\nexec sleep 30\n")
    hanging.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(hanging))
    git(content, "remote", "set-url", "origin", "ssh://somebody@host.invalid/x.git")
    started = time.monotonic()
    with pytest.raises(PullError, match="no answer within 1 s"):
        pull(content, seconds=1)
    assert time.monotonic() - started < 20
    assert (content / "page.md").read_text() == "one\n"


def test_no_password_is_told() -> None:
    said = without_password("fatal: unable to access 'https://me:secret@host.example/x.git/': no")
    assert said == "fatal: unable to access 'https://host.example/x.git/': no"


def test_a_folder_named_like_an_option_is_a_folder(upstream: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    clone = tmp_path / "--upload-pack=touch trace;"
    git(tmp_path, "clone", "-q", str(upstream), f"./{clone.name}")
    commit(upstream, "two")
    named = Path(clone.name)
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        assert pull(named / "knowledge").startswith("1 new commit ")
        assert "has nothing new" in pull(named)
    finally:
        os.chdir(before)
    assert not trace.exists()


def test_what_comes_with_the_content_is_never_run(upstream: Path, content: Path, tmp_path: Path) -> None:
    """Neither hooks nor filters of the remote's reach the clone; only its owner can set them there."""
    trace = tmp_path / "trace"
    hook = upstream / ".git" / "hooks" / "post-merge"
    hook.write_text(f"#!/bin/sh\ntouch {trace}\n")
    hook.chmod(0o755)
    commit(upstream, "* filter=x\n", ".gitattributes")
    git(upstream, "config", "filter.x.smudge", f"touch {trace}")
    commit(upstream, "two")
    assert pull(content).startswith("2 new commits ")
    assert not trace.exists()
