"""What the checks look at."""

from __future__ import annotations

from dataclasses import dataclass

from bot.config import Settings
from bot.doctor.discord_side import DiscordSide


@dataclass(frozen=True, slots=True)
class Patient:
    """An installation, and what Discord says of it.

    Attributes:
        settings: what the operator set.
        token: the bot's token; None without one.
        online: whether Discord was asked.
        discord: what it said; None when it was not asked, or did not say.
        silent: why it did not say.
        refused: whether it does not know the token.
    """

    settings: Settings
    token: str | None
    online: bool = False
    discord: DiscordSide | None = None
    silent: str = ""
    refused: bool = False
