"""The settings: read, or wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.config import DEFAULT_FILE, Settings
from bot.doctor.finding import Finding, ok, warning

_WHAT = "settings"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def check_settings(settings: Settings, file: Path | None) -> Iterator[Finding]:
    """Yield where the settings come from, and what in them deserves a second look."""
    used = file or (DEFAULT_FILE if DEFAULT_FILE.is_file() else None)
    yield ok(_WHAT, f"{used}: read" if used else "no file; the defaults are used")
    if not settings.discord.home_guilds:
        remedy = "name your server's id under discord: home_guilds"
        yield warning(_WHAT, "no home servers: only the bot's owner can /reindex and see /gaps", remedy)
    watching = settings.watching
    if watching.port is not None and watching.host not in _LOOPBACK:
        remedy = "let only the monitoring system reach it, or use 127.0.0.1"
        yield warning(_WHAT, f"whoever reaches {watching.host}:{watching.port} can read the metrics", remedy)
