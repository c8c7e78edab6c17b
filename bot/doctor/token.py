"""The token: there, and known to Discord."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.doctor.finding import Finding, error, ok, warning
from bot.doctor.patient import Patient

_WHAT = "token"
_PORTAL = "https://discord.com/developers/applications"
_SHAPE = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+")


def check_token(patient: Patient) -> Iterator[Finding]:
    """Yield whether the bot can log in."""
    if patient.token is None:
        yield error(_WHAT, "DISCORD_TOKEN is not set", f"copy it from {_PORTAL} (Bot, Reset Token) and set it")
    elif patient.refused:
        yield error(
            _WHAT, "Discord does not know the token in DISCORD_TOKEN", f"copy it anew from {_PORTAL}, under Bot"
        )
    elif patient.discord is not None:
        side = patient.discord
        yield ok(_WHAT, f"Discord knows the bot as {side.name}")
        left = f"{side.starts_left} of {side.starts} session starts left today; shards recommended: {side.shards}"
        if side.starts_left < side.shards:
            remedy = "find out what restarts the bot so often; beyond the limit Discord resets the token"
            yield warning("gateway", left, remedy)
        else:
            yield ok("gateway", left)
    elif patient.silent:
        yield warning(_WHAT, f"set, but {patient.silent}", "look at the network, and at https://discordstatus.com")
    elif not _SHAPE.fullmatch(patient.token):
        yield warning(_WHAT, "set, but it does not look like a bot's token", f"copy it anew from {_PORTAL}, under Bot")
    else:
        yield ok(_WHAT, "set; Discord was not asked", "to ask it: python -m bot doctor --online")
