"""What Discord says about the bot, asked once with the bot's token; nothing is changed, no gateway is opened."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp
import discord

_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class DiscordSide:
    """What was answered.

    Attributes:
        name: the bot's name.
        application: its application's id.
        flags: which privileged intents are switched on in the developer portal, among others.
        shards: how many shards Discord recommends.
        starts_left: how many sessions may still be started today.
        starts: how many a day.
        clock: Discord's time, to the second.
        asked_at: this machine's time at that moment, in seconds since 1970.
    """

    name: str
    application: int
    flags: discord.ApplicationFlags
    shards: int
    starts_left: int
    starts: int
    clock: datetime | None
    asked_at: float


class DiscordSilentError(Exception):
    """Discord did not tell; the message says why."""


class TokenRefusedError(DiscordSilentError):
    """Discord does not know the token."""


async def ask_discord(token: str) -> DiscordSide:
    """Ask `/users/@me`, `/oauth2/applications/@me` and `/gateway/bot`.

    Raises:
        TokenRefusedError: the token is not a bot's.
        DiscordSilentError: Discord cannot be reached, or refuses.
    """
    dates: list[tuple[str, float]] = []
    trace = aiohttp.TraceConfig()

    async def note_date(_: aiohttp.ClientSession, __: SimpleNamespace, answered: aiohttp.TraceRequestEndParams) -> None:
        dates.append((answered.response.headers.get("Date", ""), time.time()))

    trace.on_request_end.append(note_date)
    client = discord.Client(intents=discord.Intents.none(), http_trace=trace)
    try:
        async with asyncio.timeout(_SECONDS), client:
            await client.login(token)
            application = await client.application_info()
            shards, _, limits = await client.http.get_bot_gateway()
    except discord.LoginFailure as failure:
        raise TokenRefusedError("Discord does not know this token") from failure
    except (discord.DiscordException, aiohttp.ClientError, OSError) as failure:
        raise DiscordSilentError(f"Discord did not answer as it should ({type(failure).__name__})") from failure
    user = client.user
    clock, asked_at = _clock(dates)
    return DiscordSide(
        name=str(user) if user is not None else "",
        application=application.id,
        flags=application.flags,
        shards=shards,
        starts_left=limits["remaining"],
        starts=limits["total"],
        clock=clock,
        asked_at=asked_at,
    )


def _clock(dates: list[tuple[str, float]]) -> tuple[datetime | None, float]:
    for text, at in reversed(dates):
        try:
            return parsedate_to_datetime(text), at
        except ValueError:
            continue
    return None, time.time()
