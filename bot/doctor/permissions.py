"""Permissions: which ones the bot asks a server for, and the link that asks for them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

import discord

from bot.doctor.finding import Finding, ok
from bot.doctor.patient import Patient

_WHAT = "permissions"
_NEEDED = (
    "view_channel",
    "send_messages",
    "read_message_history",
    "create_public_threads",
    "send_messages_in_threads",
)
_SCOPES = ("bot", "applications.commands")


def needed_permissions() -> discord.Permissions:
    """Return what the bot uses: to be mentioned and answer, to see what came before, to open threads."""
    return discord.Permissions(**dict.fromkeys(_NEEDED, True))


def invite_link(application: int) -> str:
    """Return the address at which a moderator adds the bot to a server."""
    return discord.utils.oauth_url(application, permissions=needed_permissions(), scopes=_SCOPES)


def check_permissions(patient: Patient) -> Iterator[Finding]:
    """Yield what to grant, and the invitation where the application is known."""
    names = ", ".join(name.replace("_", " ") for name in _NEEDED)
    yield ok(_WHAT, f"in a server: {names}")
    application = patient.discord.application if patient.discord is not None else application_in(patient.token)
    if application is not None:
        yield ok("invitation", invite_link(application))
    else:
        yield ok("invitation", "not known without a token", "set DISCORD_TOKEN to see the link")


def application_in(token: str | None) -> int | None:
    """Return the id that a token begins with: the bot's, which is its application's too since 2016."""
    first = (token or "").partition(".")[0]
    try:
        text = base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return int(text) if text.isascii() and text.isdecimal() else None
