"""Rebuilding the index in a child process, so that members are served throughout."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from pydantic import TypeAdapter, ValidationError

from bot.build_request import BuildRequest
from bot.config import Settings
from bot.secrets import Secrets
from bot.storage.peers import Alone
from bot.watching.observer import Observer
from index.build import BuildReport, Progress

_log = logging.getLogger(__name__)
_REPORT = TypeAdapter(BuildReport)
_PROGRESS = TypeAdapter(Progress)
_REQUEST = TypeAdapter(BuildRequest)
_AS_IT_IS = BuildRequest()
CHILD = "bot.build_child"
"""The module that the child process runs."""
_LINE_LIMIT = 64 * 1024 * 1024
Turn = Callable[[], AbstractAsyncContextManager[bool]]
"""Holds the turn to build, or says that it cannot be had; see `bot.storage.peers`."""


class RebuildError(Exception):
    """A rebuild that did not end in a new generation; what serves is unchanged."""


class RebuildBusyError(RebuildError):
    """A rebuild is already running."""


class Wait(Protocol):
    """How the child process is waited for; a test may have to announce that it waits."""

    async def __call__(self, awaitable: Awaitable[Any], /) -> Any:
        """Return what the awaitable returns."""
        ...


async def simply(awaitable: Awaitable[Any]) -> Any:
    """Wait for an awaitable, and nothing else."""
    return await awaitable


class Rebuilder:
    """One rebuild at a time, each in a child process of low priority."""

    def __init__(
        self, settings: Settings, *, wait: Wait = simply, module: str | None = None, turn: Turn | None = None
    ) -> None:
        """Prepare; nothing is started before `run`.

        Args:
            settings: say what to build, and where.
            wait: how the child process is waited for.
            module: what the child process runs.
            turn: holds the turn to build among the processes of the bot.
        """
        self._settings = settings
        self._module = module or CHILD
        self._wait = wait
        self._turn = turn or Alone().build_turn
        self._running = False
        self.progress: Progress | None = None
        self.observer = Observer()

    @property
    def running(self) -> bool:
        """Whether a rebuild is under way."""
        return self._running

    async def run(
        self, on_progress: Callable[[Progress], None] = lambda _: None, request: BuildRequest = _AS_IT_IS
    ) -> BuildReport:
        """Build the next generation and make it current on disk, if it may be; the caller then reloads.

        Raises:
            RebuildBusyError: one is running already, in this process or another.
            RebuildError: it failed; the message says why.
        """
        if self._running:
            raise RebuildBusyError("a rebuild is already running")
        self._running = True
        started, outcome = time.monotonic(), "failed"
        try:
            async with self._turn() as mine:
                if not mine:
                    raise RebuildBusyError("another process is rebuilding already")
                report = await self._run(on_progress, request)
            outcome = report.outcome.value
        except RebuildBusyError:
            outcome = "busy"
            raise
        else:
            return report
        finally:
            self._running = False
            self.progress = None
            self.observer.rebuilt(outcome, time.monotonic() - started)

    async def _run(self, on_progress: Callable[[Progress], None], request: BuildRequest) -> BuildReport:
        environment = {
            **os.environ,
            "FATHOM_SETTINGS_JSON": self._settings.model_dump_json(),
            "FATHOM_REQUEST_JSON": _REQUEST.dump_json(request).decode(),
        }
        for secret in Secrets.model_fields:
            environment.pop(secret.upper(), None)
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            self._module,
            # Never written to: it ends when this process does, and the child with it.
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=environment,
            limit=_LINE_LIMIT,
        )
        try:
            return await self._listen(child, on_progress)
        finally:
            if child.returncode is None:
                child.kill()
                await self._wait(child.wait())

    async def _listen(self, child: asyncio.subprocess.Process, on_progress: Callable[[Progress], None]) -> BuildReport:
        assert child.stdout is not None  # noqa: S101  # asked for as a pipe above
        assert child.stderr is not None  # noqa: S101
        errors = asyncio.create_task(_tail(child.stderr, self._wait))
        report: BuildReport | None = None
        failure: RebuildError | None = None
        while line := await self._wait(child.stdout.readline()):
            event = _event(line)
            if "progress" in event:
                self.progress = _PROGRESS.validate_python(event["progress"])
                on_progress(self.progress)
            elif "report" in event:
                report = _read_report(event["report"])
            elif "busy" in event:
                failure = RebuildBusyError(str(event["busy"]))
            elif "error" in event:
                failure = RebuildError(str(event["error"]))
        code = await self._wait(child.wait())
        last_words = await self._wait(errors)
        if failure is not None:
            raise failure
        if report is None:
            # Where things lie on this machine is for the log, not for a channel.
            _log.error("the build ended with code %s and no report:\n%s", code, last_words)
            last_line = (last_words.splitlines() or ["nothing"])[-1][:300]
            raise RebuildError(f"the build ended with code {code} and no report; its last words: {last_line}")
        return report


def _event(line: bytes) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _read_report(data: Any) -> BuildReport:
    try:
        return _REPORT.validate_python(data)
    except ValidationError as error:
        raise RebuildError("the build's report cannot be read") from error


async def _tail(stream: asyncio.StreamReader, wait: Wait) -> str:
    """Read a stream to its end and keep the last of it."""
    kept = b""
    while chunk := await wait(stream.read(65536)):
        kept = (kept + chunk)[-2000:]
    return kept.decode(errors="replace").strip()
