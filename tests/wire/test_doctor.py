"""The doctor asks Discord, with an unmodified client."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.conftest import REPOSITORY
from tests.wire.conftest import Wire
from tests.wire.faults import Trouble
from tests.wire.server import TOKEN
from tests.wire.world import APPLICATION

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def examined(wire: Wire, token: str = TOKEN) -> tuple[int | None, dict[str, list[dict[str, Any]]]]:
    """Run `doctor --online`; return its exit code and what it found, by what it is about."""
    environment = {
        **os.environ,
        "DISCORD_TOKEN": token,
        "FATHOM_WIRE_URL": wire.discord.url,
        "PYTHONPATH": str(REPOSITORY),
    }
    command = ["-m", "tests.wire.launch", "doctor", "--online", "--json", "--config", str(wire.install.config)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=REPOSITORY, env=environment, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert token not in out.decode()
    found: dict[str, list[dict[str, Any]]] = {}
    for item in json.loads(out):
        found.setdefault(item["what"], []).append(item)
    return process.returncode, found


async def test_what_discord_says(new_wire: Callable[..., Awaitable[Wire]]) -> None:
    wire = await new_wire(shards=3)
    code, found = await examined(wire)
    assert code == 0, found
    assert "knows the bot as" in found["token"][0]["message"]
    assert "shards recommended: 3" in found["gateway"][0]["message"]
    assert str(APPLICATION) in found["invitation"][0]["message"]
    assert found["clock"][0]["message"] == "as Discord's, within three seconds"
    assert found["intents"][0]["severity"] == "ok"
    assert wire.discord.gateway.identified == [], "no session was started"
    assert wire.discord.world.command_writes == 0

    code, found = await examined(wire, token="some.other.token")  # noqa: S106  # opens nothing
    assert code == 1
    assert found["token"][0]["severity"] == "error"
    wire.discord.faults.add(Trouble.STATUS, "/gateway/bot$", status=403)
    code, found = await examined(wire)
    assert code == 0
    assert found["token"][0]["severity"] == "warning"
    assert "not asked" in found["clock"][0]["message"]
