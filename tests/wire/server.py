"""The loopback Discord: requests and gateway on one port of this machine."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from tests.wire.faults import Fault, Faults, Trouble
from tests.wire.gateway import Gateway
from tests.wire.rate_limits import RateLimits
from tests.wire.record import Record
from tests.wire.rest import BODY, Rest, answer
from tests.wire.world import RefusedError, World

TOKEN = "wire.test.token"  # noqa: S105  # opens nothing but this
_API = "/api/v10"


class Loopback:
    """A Discord for one bot."""

    def __init__(
        self,
        *,
        guilds: int = 3,
        shards: int = 1,
        max_concurrency: int = 1,
        heartbeat: float = 2.0,
    ) -> None:
        self.world = World(guilds)
        self.gateway = Gateway(self.world, TOKEN, shards=shards, max_concurrency=max_concurrency, heartbeat=heartbeat)
        self.rest = Rest(self.world, self.gateway)
        self.faults = Faults()
        self.limits = RateLimits()
        self.record = Record()
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        api = web.Application(middlewares=[self._judge, self._trouble, self._limit])
        api.add_routes(self.rest.routes())
        app = web.Application()
        app.add_subapp(_API, api)
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/gateway/", self.gateway.handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"
        self.gateway.url = f"ws://127.0.0.1:{port}/gateway"

    async def stop(self) -> None:
        if self._runner is not None:
            for connection in list(self.gateway.connections):
                await connection.socket.close(code=1001)
            await self._runner.cleanup()

    @web.middleware
    async def _judge(self, request: web.Request, handler: Any) -> web.StreamResponse:
        path = request.path.removeprefix(_API)
        request[BODY] = await _body(request)
        self.record.add(request.method, path, request[BODY])
        webhook = path.startswith(("/interactions/", "/webhooks/"))
        if not webhook and request.headers.get("Authorization") != f"Bot {TOKEN}":
            return answer({"message": "401: Unauthorized", "code": 0}, 401)
        try:
            return await handler(request)
        except RefusedError as refusal:
            return answer(refusal.body, refusal.status)

    @web.middleware
    async def _trouble(self, request: web.Request, handler: Any) -> web.StreamResponse:
        fault = self.faults.strike(request.method, request.path.removeprefix(_API))
        if fault is None:
            return await handler(request)
        if fault.trouble is Trouble.SLOW:
            await asyncio.sleep(fault.seconds)
            return await handler(request)
        if fault.trouble is Trouble.LOST:
            return _hang_up(request)
        if fault.trouble in {Trouble.CUT, Trouble.TORN}:
            response = await _settled(handler(request))
            if fault.trouble is Trouble.TORN:
                torn = web.StreamResponse(status=200, headers={"Content-Type": "application/json"})
                torn.content_length = 5_000
                await torn.prepare(request)
                await torn.write(b'{"id": "1')
            return _hang_up(request) or response
        return _refuse(fault)

    @web.middleware
    async def _limit(self, request: web.Request, handler: Any) -> web.StreamResponse:
        headers, wait = self.limits.take(request.method, request.path.removeprefix(_API))
        if wait is None:
            try:
                response = await handler(request)
            except RefusedError as refusal:
                response = answer(refusal.body, refusal.status)
        else:
            response = _too_many(wait)
        response.headers.update(headers)
        return response


async def _body(request: web.Request) -> Any:
    """Return what a request says; beside files, that is a field of a form."""
    if request.content_type.startswith("multipart/"):
        return json.loads(str((await request.post())["payload_json"]))
    raw = await request.read()
    return json.loads(raw) if raw else None


async def _settled(handling: Any) -> web.StreamResponse:
    """Let a request be handled to its end, even as its connection goes."""
    return await asyncio.shield(asyncio.ensure_future(handling))


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _refuse(fault: Fault) -> web.Response:
    if fault.trouble is Trouble.RATE_LIMIT:
        return _too_many(fault.seconds)
    if fault.trouble is Trouble.BAN:
        return web.Response(status=429, text="<html>error 1015</html>", content_type="text/html")
    return answer({"message": f"{fault.status}: on purpose", "code": fault.code}, fault.status)


def _too_many(seconds: float) -> web.Response:
    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": False}
    response = answer(body, 429)
    response.headers["Retry-After"] = f"{seconds:.3f}"
    response.headers["Via"] = "1.1 google"
    response.headers["X-RateLimit-Scope"] = "user"
    return response
