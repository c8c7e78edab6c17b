"""The doctor, with installations in which one thing is wrong."""

from __future__ import annotations

import asyncio
import importlib.metadata
import io
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import discord
import pytest
from rich.console import Console

from bot.config import KnowledgeSettings, ModelSettings, Settings, StateSettings, WatchingSettings
from bot.doctor.clock import check_clock
from bot.doctor.database import check_database
from bot.doctor.discord_side import DiscordSide
from bot.doctor.disk import check_disk
from bot.doctor.examination import CHECKS, examine
from bot.doctor.extras import check_extras
from bot.doctor.finding import Finding, Severity, ok, warning
from bot.doctor.index import check_index
from bot.doctor.intents import check_intents
from bot.doctor.model import check_model
from bot.doctor.patient import Patient
from bot.doctor.permissions import application_in, check_permissions
from bot.doctor.report import as_json, as_lines, print_table
from bot.doctor.running import check_running
from bot.doctor.settings_file import check_settings
from bot.doctor.token import check_token
from bot.doctor.versions import check_versions, requirements
from bot.storage.database import open_database, sqlite_url
from bot.storage.postgres import postgres_url
from index.build import build_generation
from tests.bot.test_cli import bot
from tests.support.light_encoder import LIGHT_MODEL, LightEncoder
from tests.support.pages import write_library
from tests.support.postgres import PASSWORD, PostgresServer

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.abcdef.ghijklmnopqrstuvwxyz"  # noqa: S105  # opens nothing


def patient(tmp_path: Path, *, token: str | None = TOKEN, **sections: Any) -> Patient:
    plain = {"knowledge": KnowledgeSettings(path=tmp_path / "content"), "state": StateSettings(path=tmp_path / "state")}
    return Patient(Settings(**{**plain, **sections}), token)


def side(**changes: Any) -> DiscordSide:
    plain = {
        "name": "fathom",
        "application": 42,
        "flags": discord.ApplicationFlags(),
        "shards": 1,
        "starts_left": 900,
        "starts": 1000,
        "clock": datetime.now(UTC),
        "asked_at": time.time(),
    }
    return DiscordSide(**{**plain, **changes})


def told(findings: Iterator[Finding]) -> tuple[str, str]:
    """Return the worst severity, and all that was said."""
    found = list(findings)
    assert all(finding.remedy for finding in found if finding.severity is not Severity.OK)
    return max((finding.severity for finding in found), key=list(Severity).index).value, as_lines(found)


def test_the_token(tmp_path: Path) -> None:
    severity, said = told(check_token(patient(tmp_path, token=None)))
    assert (severity, "Reset Token" in said) == ("error", True)
    assert told(check_token(patient(tmp_path)))[0] == "ok"
    assert told(check_token(patient(tmp_path, token=TOKEN[:9])))[0] == "warning"
    settings = patient(tmp_path).settings
    assert told(check_token(Patient(settings, TOKEN, refused=True)))[0] == "error"
    assert told(check_token(Patient(settings, TOKEN, silent="Discord is away")))[0] == "warning"
    assert told(check_token(Patient(settings, TOKEN, discord=side())))[0] == "ok"
    assert told(check_token(Patient(settings, TOKEN, discord=side(starts_left=0))))[0] == "warning"


def test_intents(tmp_path: Path) -> None:
    severity, said = told(check_intents(patient(tmp_path)))
    assert (severity, "guild_messages" in said) == ("ok", True)
    assert told(check_intents(Patient(Settings(), TOKEN, discord=side())))[0] == "ok"
    flags = discord.ApplicationFlags(gateway_message_content_limited=True)
    severity, said = told(check_intents(Patient(Settings(), TOKEN, discord=side(flags=flags))))
    assert (severity, "message content" in said) == ("warning", True)


def test_the_invitation_asks_for_what_is_used_and_no_more(tmp_path: Path) -> None:
    assert application_in(TOKEN) == 123456789012345678
    for wrong in (None, "", "....", "ÿ.b.c", "bm90YW51bWJlcg.b.c", "w7_.b.c"):
        assert application_in(wrong) is None
    said = told(check_permissions(Patient(Settings(), TOKEN, discord=side())))[1]
    query = parse_qs(urlsplit(said.rpartition("invitation: ")[2]).query)
    assert query["client_id"] == ["42"]
    assert query["scope"] == ["bot applications.commands"]
    asked = discord.Permissions(int(query["permissions"][0]))
    assert asked.view_channel
    assert asked.send_messages
    assert asked.create_public_threads
    assert not asked.administrator
    assert not asked.mention_everyone
    assert told(check_permissions(patient(tmp_path, token=None)))[0] == "ok"


def test_the_model(tmp_path: Path) -> None:
    assert told(check_model(patient(tmp_path)))[0] == "ok"
    severity, said = told(check_model(patient(tmp_path, model=ModelSettings(name=str(tmp_path / "none")))))
    assert (severity, "none" in said) == ("error", True)


def test_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.doctor.index.find_model", lambda _: LIGHT_MODEL)
    ill = patient(tmp_path)
    assert told(check_index(ill))[0] == "warning"
    content, state = write_library(tmp_path / "content"), ill.settings.state.path
    build_generation(content, state, LIGHT_MODEL, load=lambda *_, **__: LightEncoder())  # type: ignore[arg-type,return-value]
    severity, said = told(check_index(ill))
    assert (severity, "3 concepts" in said, "in step" in said) == ("ok", True, True)
    (content / "en" / "kettle-drift.md").unlink()
    assert told(check_index(ill))[0] == "warning"
    shutil.rmtree(content)
    severity, said = told(check_index(ill))
    assert (severity, "no such folder" in said) == ("error", True)
    for file in state.glob("generations/*/passages.jsonl"):
        file.write_bytes(b"[]")
    severity, said = told(check_index(ill))
    assert (severity, "damaged" in said) == ("error", True)


async def examined_database(ill: Patient) -> tuple[str, str]:
    return await asyncio.to_thread(lambda: told(check_database(ill)))


async def make_database(state: Path) -> Path:
    await (await open_database(sqlite_url(state))).close()
    return state / "fathom.sqlite"


async def test_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FATHOM_DATABASE_URL", raising=False)
    ill = patient(tmp_path)
    assert (await examined_database(ill))[0] == "ok"
    assert not ill.settings.state.path.exists(), "nothing was made"
    file = await make_database(ill.settings.state.path)
    severity, said = await examined_database(ill)
    assert (severity, "tables are current" in said) == ("ok", True)
    for version, expected in (("0001", "warning"), ("9999", "error")):
        with sqlite3.connect(file) as database:
            database.execute("UPDATE alembic_version SET version_num = ?", (version,))
        assert (await examined_database(ill))[0] == expected
    with sqlite3.connect(file) as database:
        database.execute("DELETE FROM alembic_version")
    severity, said = await examined_database(ill)
    assert (severity, "do not say of which version" in said) == ("error", True)
    file.write_bytes(b"this is no database, and long enough to be seen as none" * 20)
    severity, said = await examined_database(ill)
    assert (severity, "moved away" in said) == ("error", True)


@pytest.mark.parametrize("address", ["postgresql://fathom:hunter2@127.0.0.1:1/fathom", "no address hunter2"])
async def test_a_database_elsewhere_is_named_without_its_password(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FATHOM_DATABASE_URL", address)
    severity, said = await examined_database(patient(tmp_path))
    assert severity == "error"
    assert "hunter2" not in said


async def test_a_database_on_a_server(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = await postgres.new_database()
    monkeypatch.setenv("FATHOM_DATABASE_URL", address)
    ill, name = patient(tmp_path), address.rsplit("/", 1)[1]

    severity, said = await examined_database(ill)
    assert (severity, name in said, "is empty" in said) == ("ok", True, True)
    await (await open_database(postgres_url(address))).close()
    severity, said = await examined_database(ill)
    assert (severity, "tables are current" in said) == ("ok", True)
    await postgres.execute("UPDATE alembic_version SET version_num = '0001'", name)
    assert (await examined_database(ill))[0] == "warning"

    await postgres.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    severity, said = await examined_database(ill)
    assert (severity, "cannot be used" in said) == ("error", True)
    postgres.stop()
    try:
        severity, gone = await examined_database(ill)
    finally:
        postgres.start()
    assert severity == "error"
    assert all(PASSWORD not in text and quote(PASSWORD, safe="") not in text for text in (said, gone))


async def test_a_database_that_cannot_be_written_is_seen(tmp_path: Path) -> None:
    ill = patient(tmp_path)
    holder = sqlite3.connect(await make_database(ill.settings.state.path), isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    severity, _ = await examined_database(ill)
    holder.rollback()
    holder.close()
    assert severity == "error"


def test_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ill = patient(tmp_path)
    severity, said = told(check_disk(ill))
    assert (severity, str(tmp_path) in said) == ("ok", True)
    usage = type(shutil.disk_usage(tmp_path))
    for free, expected in ((400_000_000, "warning"), (1_000_000, "error")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: usage(1, 1, free))
        assert told(check_disk(ill))[0] == expected
    (tmp_path / "file").touch()
    assert told(check_disk(patient(tmp_path, state=StateSettings(path=tmp_path / "file"))))[0] == "error"


def test_the_clock(tmp_path: Path) -> None:
    settings = patient(tmp_path).settings
    now = datetime.now(UTC)
    for off, expected in ((0, "ok"), (20, "warning"), (-20, "warning"), (7200, "error")):
        found = side(clock=now, asked_at=now.timestamp() + off)
        assert told(check_clock(Patient(settings, TOKEN, discord=found)))[0] == expected
    assert told(check_clock(Patient(settings, TOKEN)))[0] == "ok"
    (settings.state.path / "generations" / "29991231T235959000000-0123456789ab").mkdir(parents=True)
    assert told(check_clock(Patient(settings, TOKEN)))[0] == "error"


def test_versions_and_extras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(check_versions(patient(tmp_path)))[0] == "ok"
    asked = ["torch==2.13.0", "numpy>=99", "no-such-thing", "simcord; extra == 'demo'", "nor-this; extra == 'metrics'"]
    monkeypatch.setattr(importlib.metadata, "requires", lambda _: asked)
    severity, said = told(check_versions(patient(tmp_path)))
    assert (severity, "warning versions: numpy" in said) == ("error", True)
    assert "no-such-thing is not installed" in said
    assert "simcord" not in said
    assert [requirement.name for requirement in requirements("demo")] == ["simcord"]

    class Metadata:
        def get_all(self, _: str) -> list[str]:
            return ["demo", "metrics"]

    monkeypatch.setattr(importlib.metadata, "metadata", lambda _: Metadata())
    severity, said = told(check_extras(patient(tmp_path)))
    assert (severity, "installed: demo; not: metrics" in said) == ("ok", True)
    severity, said = told(check_extras(patient(tmp_path, watching=WatchingSettings(port=0))))
    assert (severity, "'.[metrics]'" in said) == ("warning", True)


def test_signs_of_life(tmp_path: Path) -> None:
    ill = patient(tmp_path)
    assert told(check_running(ill))[0] == "ok"
    alive = ill.settings.state.path / "alive"
    alive.parent.mkdir()
    alive.touch()
    assert told(check_running(ill))[0] == "ok"
    os.utime(alive, (time.time() - 600, time.time() - 600))
    severity, said = told(check_running(ill))
    assert (severity, "10 minutes old" in said) == ("warning", True)


def test_settings_that_deserve_a_second_look() -> None:
    assert "home servers" in told(check_settings(Settings(), None))[1]
    open_to_all = Settings(watching=WatchingSettings(port=9_100, host="0.0.0.0"))  # noqa: S104  # what is warned of
    assert "0.0.0.0:9100 can read" in told(check_settings(open_to_all, None))[1]


def test_a_check_that_fails_spoils_only_its_own_line(tmp_path: Path) -> None:
    def broken(_: Patient) -> Iterator[Finding]:
        yield ok("half", "done")
        raise RuntimeError("x")

    checks: dict[str, Callable[[Patient], Iterator[Finding]]] = {"half": broken, "token": CHECKS["token"]}
    said = as_lines(list(examine(patient(tmp_path), checks)))
    assert said.splitlines()[0] == "ok half: done"
    assert "could not be checked (RuntimeError: x)" in said
    assert "ok token" in said


def test_a_table_shows_everything_as_it_stands() -> None:
    findings = [ok("a", "[bold]b[/bold]"), warning("c", "d", "e")]
    screen = io.StringIO()
    print_table(findings, Console(file=screen, width=80))
    assert "[bold]b[/bold]" in screen.getvalue()
    assert "0 errors, 1 warnings" in screen.getvalue()
    expected = {"severity": "warning", "what": "c", "message": "d", "remedy": "e"}
    assert json.loads(as_json(findings))[1] == expected


def test_on_the_command_line(tmp_path: Path) -> None:
    place = ["--state", str(tmp_path / "state")]
    plain = bot("doctor", *place)
    assert plain.returncode == 1, "there is no token"
    assert "error token: DISCORD_TOKEN is not set -> " in plain.stdout
    assert plain.stdout.splitlines()[-1].startswith("1 errors, ")
    assert not (tmp_path / "state").exists(), "a doctor changes nothing"
    config = tmp_path / "config.yaml"
    config.write_text("watching: {pott: 1}\n")
    data = bot("doctor", "--json", "--config", str(config), *place, DISCORD_TOKEN=TOKEN)
    findings = json.loads(data.stdout)
    assert data.returncode == 1
    assert [item["what"] for item in findings if item["severity"] == "error"] == ["settings"]
    assert "unknown setting `watching.pott`" in findings[0]["message"]
    assert TOKEN not in data.stdout + data.stderr + plain.stdout
    assert not data.stderr
