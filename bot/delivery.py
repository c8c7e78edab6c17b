"""Requests to Discord that survive a cut connection and a server's bad moment, without saying anything twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bot.watching.arrival import seconds_since_arrival

_log = logging.getLogger(__name__)
# discord.py repeats a request after most server errors, but not after a cut connection (it knows only the error
# numbers of macOS and Windows) nor, for a bot's own requests, after a 503.
_PAUSES = (0.3, 1.0, 3.0)
_ATTEMPT_SECONDS = 30.0
# Discord drops an interaction that is not acknowledged within 3 s, so these follow each other closely.
_ACKNOWLEDGE_PAUSES = (0.1, 0.2, 0.4, 0.8)
_ACKNOWLEDGE_SECONDS = 1.2
_ALREADY_ACKNOWLEDGED = 40060
_LOST = (aiohttp.ClientError, TimeoutError, OSError)


def deliver_reliably(http: HTTPClient, acknowledged: Callable[[float], None] = lambda _: None) -> None:
    """Make a client's requests reliable, and those of the interactions handled in tasks that start from here.

    Args:
        http: the client's sender of requests, changed in place.
        acknowledged: told how many seconds after its arrival an interaction was acknowledged.
    """
    plain = http.request

    async def request(route: Route, **options: Any) -> Any:
        body = options.get("json")
        # A message with a nonce is made once, however often it is sent.
        once = route.method != "POST" or (isinstance(body, dict) and body.get("enforce_nonce") is True)
        return await _again(lambda: plain(route, **options), may_repeat=once)

    http.request = request  # type: ignore[method-assign]  # the one place that every request passes
    async_context.set(ReliableAdapter(acknowledged))


class ReliableAdapter(AsyncWebhookAdapter):
    """discord.py's sender of interaction responses, made to reach its end in time."""

    def __init__(self, acknowledged: Callable[[float], None] = lambda _: None) -> None:
        """Tell how long each acknowledgement took."""
        super().__init__()  # type: ignore[no-untyped-call]  # discord.py leaves its adapter untyped
        self._acknowledged = acknowledged

    async def request(self, route: Route, session: aiohttp.ClientSession, **options: Any) -> Any:
        """Send a request, again if it was cut; acknowledgements are repeated within their three seconds."""
        if route.path.endswith("/callback") and not options.get("multipart"):
            response = await _acknowledge(route, session, options)
            if (seconds := seconds_since_arrival()) is not None:
                self._acknowledged(seconds)
            return response
        send = super().request
        return await _again(lambda: send(route, session, **options), may_repeat=route.method != "POST")


async def _again(send: Callable[[], Awaitable[Any]], *, may_repeat: bool) -> Any:
    """Send until it arrives; what may be said only once is repeated only if it surely never left."""
    for pause in _PAUSES:
        try:
            async with asyncio.timeout(_ATTEMPT_SECONDS):
                return await send()
        except discord.DiscordServerError as error:
            if not may_repeat or error.status != 503:  # noqa: PLR2004  # the one that discord.py does not repeat
                raise
        except _LOST as error:
            if not (may_repeat or isinstance(error, aiohttp.ClientConnectorError)):
                raise
            _log.info("a request was cut (%s) and is sent again", type(error).__name__)
        await asyncio.sleep(pause)
    async with asyncio.timeout(_ATTEMPT_SECONDS):
        return await send()


async def _acknowledge(route: Route, session: aiohttp.ClientSession, options: dict[str, Any]) -> Any:
    """Send the first response to an interaction; a repeated one that was there already has arrived."""
    last: Exception | None = None
    for number, pause in enumerate((*_ACKNOWLEDGE_PAUSES, 0.0)):
        try:
            async with asyncio.timeout(_ACKNOWLEDGE_SECONDS):
                return await _send(route, session, options)
        except discord.RateLimited as error:
            last, pause = error, error.retry_after  # noqa: PLW2901  # Discord says how long
        except discord.HTTPException as error:
            if error.code == _ALREADY_ACKNOWLEDGED and number > 0:
                return {"interaction": {"id": route.webhook_id, "type": 0}}
            if error.status < 500:  # noqa: PLR2004  # a refusal: it would be refused again
                raise
            last = error
        except _LOST as error:
            last = error
        await asyncio.sleep(pause)
    assert last is not None  # noqa: S101  # five rounds without a return each left an error
    raise last


async def _send(route: Route, session: aiohttp.ClientSession, options: dict[str, Any]) -> Any:
    async with session.post(
        route.url,
        json=options.get("payload"),
        params=options.get("params"),
        proxy=options.get("proxy"),
        proxy_auth=options.get("proxy_auth"),
    ) as response:
        is_json = response.headers.get("Content-Type") == "application/json"
        data: Any = await (response.json() if is_json else response.text())
        if response.ok:
            return data
        if response.status == 429 and response.headers.get("Via") and is_json:  # noqa: PLR2004
            raise discord.RateLimited(float(data["retry_after"]))
        if response.status == 404:  # noqa: PLR2004
            raise discord.NotFound(response, data)
        raise discord.HTTPException(response, data)
