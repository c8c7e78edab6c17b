"""`/healthz`, `/readyz` and `/metrics` over HTTP, in the bot's own event loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aiohttp import web

Exposition = Callable[[str], tuple[bytes, str]]
"""From what a client accepts to the numbers and their content type."""


class WatchingError(Exception):
    """The endpoints cannot be served; the message says why and what to do."""


class Endpoints:
    """A server of three pages. Health: this loop turns, or nobody would answer. Readiness: questions are answered."""

    def __init__(
        self, obstacles: Callable[[], Sequence[str]], exposition: Exposition | None, missing: str = ""
    ) -> None:
        """Prepare; nothing is served yet.

        Args:
            obstacles: returns what keeps the bot from answering.
            exposition: writes the numbers; None without them.
            missing: what to say in their place.
        """
        self._obstacles = obstacles
        self._exposition = exposition
        self._missing = missing
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> str:
        """Serve; return the address, whose port was chosen by the system if it was 0.

        Raises:
            WatchingError: the address cannot be had.
        """
        app = web.Application()
        app.add_routes(
            [
                web.get("/healthz", self._health),
                web.get("/readyz", self._readiness),
                web.get("/metrics", self._metrics),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.5)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise WatchingError(
                f"watching.port: {host}:{port} cannot be listened on ({error.strerror or error}); "
                "choose another in the settings, or leave it out"
            ) from error
        bound = self._runner.addresses[0]
        shown = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
        return f"http://{shown}:{bound[1]}"

    async def stop(self) -> None:
        """Serve no more."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _health(self, _: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _readiness(self, _: web.Request) -> web.Response:
        found = self._obstacles()
        if found:
            return web.Response(text="".join(f"{obstacle}\n" for obstacle in found), status=503)
        return web.Response(text="ready\n")

    async def _metrics(self, request: web.Request) -> web.Response:
        if self._exposition is None:
            return web.Response(text=f"{self._missing}\n", status=501)
        body, kind = self._exposition(request.headers.get("Accept", ""))
        return web.Response(body=body, headers={"Content-Type": kind})
