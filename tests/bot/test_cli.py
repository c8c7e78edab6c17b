"""The command line as its users run it: a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from index.generation import PASSAGES
from tests.conftest import REPOSITORY
from tests.support.pages import write_library


def bot(
    *arguments: str, stdin: str = "", cwd: Path = REPOSITORY, **environment: str
) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if key != "DISCORD_TOKEN"}
    env |= {"PYTHONPATH": str(REPOSITORY), "COLUMNS": "100", **environment}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=cwd,
        env=env,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    root = tmp_path_factory.mktemp("cli")
    return ["--knowledge", str(write_library(root / "content")), "--state", str(root / "state")]


def test_help_names_every_command() -> None:
    result = bot("--help")
    assert result.returncode == 0
    for command in ("ask", "chat", "check", "index", "run", "demo", "rollback", "links", "doctor", "gaps"):
        assert command in result.stdout


def test_ask_builds_what_is_missing_and_prints_only_the_answer(small: list[str]) -> None:
    result = bot("ask", "what is kettle drift?", "--level", "basic", *small)
    assert result.returncode == 0, result.stderr
    assert "Kettle Drift · Basic" in result.stdout
    assert "never stops boiling" in result.stdout
    assert "https://example.org/kettle-drift" in result.stdout
    assert "Building" not in result.stdout


def test_index_says_what_changed(small: list[str]) -> None:
    bot("index", *small)
    assert "Nothing changed" in bot("index", *small).stdout
    page = Path(small[1]) / "en" / "spoon-bias.md"
    page.write_text(page.read_text() + "\nAnd one more paragraph" + " of words" * 20 + ".\n")
    result = bot("index", *small)
    assert result.returncode == 0
    assert "1 added, 0 changed, 0 removed, 18 reused; embedded anew: 1" in result.stdout


def test_golden_questions_rollback_and_history_on_the_command_line(small: list[str], tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(small[1], content)
    place = ["--knowledge", str(content), "--state", str(tmp_path / "state")]
    (content / "golden.yaml").write_text('"what is kettle drift?": kettle-drift\n')
    first = bot("index", *place).stdout.split()[1]
    page = content / "en" / "kettle-drift.md"
    text = page.read_text()
    page.write_text(text.replace("optimises steam", "optimises whistling"))
    dry = bot("index", "--dry-run", *place)
    assert dry.returncode == 0, dry.stderr
    assert f"Dry run; still serving {first}" in dry.stdout
    assert "+ The mechanism of kettledrift is that the kettle optimises whistling" in dry.stdout
    assert "golden questions: 1 of 1 right; before: 1" in dry.stdout
    page.unlink()
    refused = bot("index", *place)
    assert refused.returncode == 1
    assert f"Refused, as golden questions broke; still serving {first}" in refused.stdout
    assert "broken: golden.yaml:1 what is kettle drift? -> kettle-drift" in refused.stdout
    asked = bot("ask", "kettle drift", *place)
    assert "Kettle Drift" in asked.stdout, "what was refused is not built again by asking"
    assert "Building" not in asked.stderr
    assert bot("index", "--override", *place).returncode == 0
    back = bot("rollback", *place)
    assert back.stdout.startswith(f"Serving {first}")
    assert "Kettle Drift" in bot("ask", "kettle drift", *place).stdout, "it sticks"
    listed = bot("rollback", "--list", *place).stdout.splitlines()
    assert [line.endswith("serving") for line in listed] == [False, True]
    with sqlite3.connect(tmp_path / "state" / "fathom.sqlite") as database:
        deeds = database.execute("SELECT action, user_id FROM deeds ORDER BY id").fetchall()
    actions = ["rebuild", "dry run", "refused swap", "override", "rollback"]
    assert deeds == [(action, None) for action in actions]


def test_check_reads_golden_questions(tmp_path: Path) -> None:
    content = write_library(tmp_path)
    (content / "golden.yaml").write_text('"what is tea?": tea\n')
    result = bot("check", str(content))
    assert result.returncode == 1
    assert result.stdout.startswith("golden.yaml:1 error `tea` has no page -> name another, or drop it\n")


def test_jsonl_answers_every_line(small: list[str]) -> None:
    lines = [
        json.dumps({"id": 1, "question": "kettle drift", "level": "advanced"}),
        json.dumps({"id": "two", "turns": ["what is spoon bias?", "why?"]}),
        json.dumps({"id": 3, "question": "how tall is the Eiffel tower"}),
        "not json",
        json.dumps({"id": 5}),
        json.dumps({"id": 6, "question": "x", "level": "expert"}),
        json.dumps([1]),
        "",
        json.dumps({"id": 7, "question": ""}),
    ]
    result = bot("ask", "--jsonl", *small, stdin="\n".join(lines))
    assert result.returncode == 0, result.stderr
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [1, "two", 3, None, 5, 6, None, 7]
    first, second, third = answers[:3]
    assert first["answered"] is True
    assert first["level"] == "advanced"
    assert first["concepts"][0]["slug"] == "kettle-drift"
    assert 0 <= first["confidence"] <= 1
    assert {"id", "slug", "level", "text", "file", "lines"} == set(first["passages"][0])
    assert first["sources"] == [{"title": "Kettle Drift: A Survey", "url": "https://example.org/kettle-drift"}]
    assert second["concepts"][0]["slug"] == "spoon-bias"
    assert third["answered"] is False
    assert third["passages"] == []
    assert all(answer["answered"] is False for answer in answers[3:])
    assert "line 4" in answers[3]["error"]


def test_check_prints_problems_and_exits_with_1_on_errors(tmp_path: Path) -> None:
    content = write_library(tmp_path)
    clean = bot("check", str(content))
    assert clean.returncode == 0
    assert clean.stdout == "3 pages, 3 references: 0 errors, 0 warnings\n"
    (content / "en" / "draft.md").write_text("words")
    broken = bot("check", str(content))
    assert broken.returncode == 1
    assert broken.stdout.startswith("en/draft.md:1 error no front matter -> begin the file with")


def test_the_shipped_library_has_no_problem(library_content: Path) -> None:
    result = bot("check", str(library_content))
    assert result.returncode == 0
    assert result.stdout.count("\n") == 1, result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run"], "DISCORD_TOKEN is not set"),
        (["run", "--shards", "0-4/4"], "there is no shard 4 of 4"),
        (["healthcheck", "--shards", "first"], "is no range of shards"),
        (["check", "/nowhere"], "no such folder"),
        (["index", "--knowledge", "/nowhere"], "no such folder"),
        (["ask", "x", "--config", "/nowhere.yaml"], "no such file"),
        (["ask", "x", "--level", "expert"], "is not a level"),
        (["ask"], "give a question"),
        (["rollback"], "no earlier generation was kept"),
        (["links", "/nowhere"], "no such folder"),
    ],
)
def test_mistakes_are_explained_without_a_traceback(arguments: list[str], message: str, tmp_path: Path) -> None:
    result = bot(*arguments, *([] if arguments[0] == "check" else ["--state", str(tmp_path)]))
    assert result.returncode != 0
    assert message in " ".join(result.stderr.replace("│", " ").split())
    assert "Traceback" not in result.stderr


def test_how_to_get_a_token_is_told() -> None:
    assert "https://discord.com/developers/applications" in bot("run").stderr


def test_a_conversation_in_the_terminal(small: list[str]) -> None:
    turns = "what is kettle drift?\n/deeper\n/sources\nwhy?\n/simpler\n/quit\n"
    result = bot("chat", "--level", "basic", *small, stdin=turns)
    assert result.returncode == 0, result.stderr
    assert "Kettle Drift · Basic" in result.stdout
    assert "Kettle Drift · Intermediate" in result.stdout
    assert "Ada Lovelace and Grace Hopper, 2024" in result.stdout


def test_a_damaged_generation_is_rebuilt_and_never_served(small: list[str]) -> None:
    bot("index", *small)
    generations = Path(small[3]) / "generations"
    for file in generations.glob(f"*/{PASSAGES}"):
        file.write_bytes(file.read_bytes()[:-10])
    result = bot("ask", "kettle drift", *small)
    assert result.returncode == 0, result.stderr
    assert "refusing a generation" in result.stderr
    assert "Kettle Drift" in result.stdout


def test_health_is_bad_before_the_bot_runs(tmp_path: Path) -> None:
    result = bot("healthcheck", "--state", str(tmp_path))
    assert (result.returncode, result.stdout) == (1, "not connected\n")


def test_a_missing_extra_names_the_command_that_installs_it(tmp_path: Path) -> None:
    fake = tmp_path / "simcord"
    hidden = (
        "import importlib.util as u; f = u.find_spec; u.find_spec = lambda n, *a: None if n == 'simcord' else f(n, *a)"
    )
    (tmp_path / "sitecustomize.py").write_text(hidden)
    assert not fake.exists()
    result = bot("demo", "--state", str(tmp_path), PYTHONPATH=f"{tmp_path}:{REPOSITORY}")
    assert result.returncode == 1
    assert "pip install -e '.[demo]'" in result.stderr
    shutil.rmtree(tmp_path / "__pycache__", ignore_errors=True)
