"""The compose file says what our command line understands, and nothing that compose does not."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from bot.cli import app
from bot.secrets import Secrets
from bot.shard_range import read_shards
from bot.storage.postgres import postgres_url
from tests.conftest import REPOSITORY

SERVICE_KEYS = {
    *("build", "image", "restart", "init", "stop_grace_period", "environment", "volumes", "depends_on", "command"),
    "healthcheck",
}
HEALTHCHECK_KEYS = {"test", "interval", "timeout", "retries", "start_period"}
DURATION = re.compile(r"(\d+h)?(\d+m)?(\d+s)?")
VARIABLE = re.compile(r"\$\{(\w+):\?[^}]+\}")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((REPOSITORY / "compose.yaml").read_text(encoding="utf-8"))


def bots(compose: dict[str, Any]) -> list[dict[str, Any]]:
    return [service for service in compose["services"].values() if "build" in service]


def test_it_has_the_shape_of_the_specification(compose: dict[str, Any]) -> None:
    assert {key for key in compose if not key.startswith("x-")} == {"name", "services", "volumes"}
    for service in compose["services"].values():
        assert service.keys() <= SERVICE_KEYS
        assert service["healthcheck"].keys() <= HEALTHCHECK_KEYS
        assert service["healthcheck"]["test"][0] == "CMD"
        for duration in (service["healthcheck"]["interval"], service.get("stop_grace_period", "1s")):
            assert DURATION.fullmatch(duration)
        for volume in service["volumes"]:
            assert volume.split(":")[0] in compose["volumes"]
        for name, need in service.get("depends_on", {}).items():
            assert name in compose["services"]
            assert need == {"condition": "service_healthy"}
        assert all(isinstance(value, str) for value in service["environment"].values())


def test_the_processes_have_every_shard_once(compose: dict[str, Any]) -> None:
    ranges = [read_shards(service["command"][2]) for service in bots(compose)]
    (count,) = {item.count for item in ranges}
    assert sorted(shard for item in ranges for shard in item.ids) == list(range(count))


def test_every_command_is_one_of_ours(compose: dict[str, Any]) -> None:
    dockerfile = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8")
    assert 'ENTRYPOINT ["python", "-m", "bot"]' in dockerfile
    assert "-e '.[postgres]'" in dockerfile
    for service in bots(compose):
        health = service["healthcheck"]["test"]
        assert health[:4] == ["CMD", "python", "-m", "bot"]
        assert health[5:] == service["command"][1:]
        assert service["volumes"] == ["state:/app/var"]
        for command in (service["command"], health[4:]):
            # With --help the command line is read, and nothing is run.
            read = CliRunner().invoke(app, [*command, "--help"])
            assert read.exit_code == 0, read.output
            assert "--shards" in read.output


def test_secrets_come_from_the_environment_and_are_those_that_the_bot_reads(compose: dict[str, Any]) -> None:
    for service in bots(compose):
        environment = service["environment"]
        assert {name.lower() for name in environment} == set(Secrets.model_fields)
        assert VARIABLE.fullmatch(environment["DISCORD_TOKEN"])
        address = postgres_url(VARIABLE.sub("secret", environment["FATHOM_DATABASE_URL"]))
        database = compose["services"][address.host or ""]
        assert database["environment"]["POSTGRES_USER"] == address.username
        assert database["environment"]["POSTGRES_DB"] == address.database
        assert VARIABLE.search(environment["FATHOM_DATABASE_URL"])[0] == database["environment"]["POSTGRES_PASSWORD"]
