"""Intents: what the bot needs to hear, and what the developer portal lets it hear."""

from __future__ import annotations

from collections.abc import Iterator

from bot.client import intents
from bot.doctor.finding import Finding, ok, warning
from bot.doctor.patient import Patient

_WHAT = "intents"


def check_intents(patient: Patient) -> Iterator[Finding]:
    """Yield what is needed, and which privileged intent is switched on for nothing."""
    needed = ", ".join(name for name, wanted in intents() if wanted)
    if patient.discord is None:
        yield ok(_WHAT, f"{needed} are enough; none of them is privileged")
        return
    flags = patient.discord.flags
    privileged = {
        "presence": flags.gateway_presence or flags.gateway_presence_limited,
        "server members": flags.gateway_guild_members or flags.gateway_guild_members_limited,
        "message content": flags.gateway_message_content or flags.gateway_message_content_limited,
    }
    on = ", ".join(name for name, switched_on in privileged.items() if switched_on)
    if on:
        yield warning(
            _WHAT,
            f"switched on and not needed: {on}",
            "switch it off in the developer portal, under Bot: the less the bot may hear, the better",
        )
    else:
        yield ok(_WHAT, f"{needed} are enough, and nothing privileged is switched on")
