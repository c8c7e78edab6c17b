"""What `/reindex` says before and after the swap: the diff by page, depth and link, and dry runs."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.config import Settings
from bot.markup import unescape
from index.build import BuildReport
from index.generation_store import GenerationStore
from tests.discord.conftest import World, texts
from tests.discord.moderating.conftest import current, edit, page

TOO_LARGE = {
    "method": "PATCH",
    "path": "*/messages/@original",
    "status": 413,
    "code": 40005,
    "message": "Request entity too large",
}


def change_everything(settings: Settings) -> None:
    edit(settings, "kettle-drift", "optimises steam", "optimises whistling")
    edit(
        settings,
        "kettle-drift",
        "https://example.org/kettle-drift)",
        "https://example.org/kettle-drift)\n- [New](https://example.org/new)",
    )
    reference = settings.knowledge.path / "references" / "spoon-bias.yaml"
    reference.write_text(reference.read_text().split("  summary:")[0])
    page(settings, "cup-collapse").unlink()


async def attached(message: object) -> str:
    (file,) = message.attachments  # type: ignore[attr-defined]
    return (await file.read()).decode()


async def test_the_report_says_what_changed_by_page_depth_and_link(world: World, settings: Settings) -> None:
    change_everything(settings)
    result = await world.moderator.slash(world.channel, "reindex")
    assert result.acknowledged
    message = world.channel.last_message
    assert message is not None
    said = unescape(texts(message))
    assert "The new library is being served" in said
    assert "- Cup Collapse: page removed" in said
    assert "- Kettle Drift, Intermediate: 1 changed" in said
    assert "- Kettle Drift, link added: `https://example.org/new`" in said
    assert "- Spoon Bias, Advanced: 1 removed" in said
    assert "- Spoon Bias, lost its summary: `https://example.org/spoon-bias`" in said
    file = await attached(message)
    assert "=== Kettle Drift (en/kettle-drift): changed" in file
    assert "- The mechanism of kettledrift is that the kettle optimises steam" in file
    assert "+ The mechanism of kettledrift is that the kettle optimises whistling" in file
    assert "--- works that lost their summary\n- https://example.org/spoon-bias" in file


async def test_a_dry_run_shows_the_same_and_swaps_nothing(world: World, settings: Settings) -> None:
    before = world.bot.services.answers.generation.id
    change_everything(settings)
    await world.moderator.slash(world.channel, "reindex", dry_run=True)
    message = world.channel.last_message
    assert message is not None
    said = unescape(texts(message))
    assert "Dry run: nothing was swapped" in said
    assert "- Kettle Drift, Intermediate: 1 changed" in said
    assert "optimises whistling" in await attached(message)
    assert world.bot.services.answers.generation.id == current(settings) == before
    assert GenerationStore(settings.state.path).names() == [before]
    assert not list((settings.state.path / "generations").glob(".draft-*")), "the draft is discarded"
    with sqlite3.connect(settings.state.path / "embeddings.sqlite") as cache:
        (kept,) = cache.execute("SELECT COUNT(*) FROM vectors").fetchone()
    assert kept > 18, "what was embedded is kept for the real run"

    await world.moderator.slash(world.channel, "reindex")
    assert "Embedded anew: 0." in unescape(texts(world.channel.last_message))


async def test_problems_are_told_beside_the_changes(world: World, settings: Settings) -> None:
    (settings.knowledge.path / "en" / "draft.md").write_text("Basic\n\nno front matter")
    edit(settings, "kettle-drift", "optimises steam", "optimises whistling")
    (settings.knowledge.path / "golden.yaml").write_text('"what is tea?": tea\n')
    await world.moderator.slash(world.channel, "reindex")
    said = unescape(texts(world.channel.last_message))
    assert "Problems with the content: 2 errors" in said
    assert "golden.yaml:1 error `tea` has no page" in said


async def test_a_git_remote_is_pulled_first(world: World, settings: Settings, tmp_path: Path) -> None:
    configured = settings.knowledge.model_copy(update={"git_pull": True})
    world.settings = settings.model_copy(update={"knowledge": configured})
    upstream = remote_of(settings.knowledge.path, tmp_path)
    await world.restart()

    text = (upstream / "en" / "kettle-drift.md").read_text()
    (upstream / "en" / "kettle-drift.md").write_text(text.replace("optimises steam", "optimises whistling"))
    git(upstream, "commit", "-qam", "whistle")
    await world.moderator.slash(world.channel, "reindex")
    said = unescape(texts(world.channel.last_message))
    assert "1 new commit from origin/main" in said
    assert "Kettle Drift, Intermediate: 1 changed" in said

    git(upstream, "commit", "-q", "--amend", "--allow-empty", "-m", "rewritten")
    edit(settings, "spoon-bias", "optimises steam", "stirs")
    git(settings.knowledge.path, "commit", "-qam", "our own")
    before = (page(settings, "kettle-drift").read_text(), current(settings))
    await world.moderator.slash(world.channel, "reindex")
    said = unescape(texts(world.channel.last_message))
    assert "was not rebuilt; what served before goes on" in said
    assert "cannot be fast-forwarded" in said
    assert (page(settings, "kettle-drift").read_text(), current(settings)) == before
    deeds = await world.bot.services.stores.history.latest(1)
    assert deeds[0].action == "failed rebuild"
    assert "fast-forwarded" in json.dumps(deeds[0].detail)


def remote_of(folder: Path, tmp_path: Path) -> Path:
    """Make a folder a clone's working tree; return the repository that it follows."""
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    upstream = tmp_path / "upstream"
    git(tmp_path, "clone", "-q", str(folder), str(upstream))
    git(folder, "remote", "add", "origin", str(upstream))
    git(folder, "fetch", "-q", "origin")
    git(folder, "branch", "-q", "--set-upstream-to", "origin/main")
    return upstream


def git(folder: Path, *arguments: str) -> None:
    who = {f"GIT_{role}_{part}": "tester@example.org" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, env={**os.environ, **who})


async def test_a_file_that_cannot_be_attached_does_not_cost_the_report(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuilder = world.bot.services.rebuilder
    run = rebuilder.run

    async def run_and_fail_next(*arguments: Any) -> BuildReport:
        report = await run(*arguments)
        world.env.backend.faults.append(TOO_LARGE | {"times": 1})
        return report

    monkeypatch.setattr(rebuilder, "run", run_and_fail_next)
    edit(settings, "kettle-drift", "optimises steam", "optimises whistling")
    await world.moderator.slash(world.channel, "reindex")
    message = world.channel.last_message
    assert message is not None
    assert "The new library is being served" in texts(message)
    assert message.attachments == []
    assert (await world.bot.services.stores.history.latest(1))[0].action == "rebuild"
