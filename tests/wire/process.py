"""The bot as a process of its own: started, watched, asked to stop, killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.wire.server import TOKEN, Loopback


@dataclass
class BotProcess:
    """`python -m bot run` against the loopback Discord."""

    discord: Loopback
    config: Path
    log: Path
    light: bool = True
    heartbeat_timeout: float = 60.0
    token: str = TOKEN
    slow: float = 0.0
    """How many seconds the light encoder takes for a question."""
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    process: asyncio.subprocess.Process | None = field(default=None, init=False)

    async def start(self, *, connected: bool = True, seconds: float = 90.0) -> None:
        """Start; return when every shard is connected and the commands are there.

        Raises:
            AssertionError: it ended, or did not connect in time; with the end of its log.
        """
        environment = {
            **os.environ,
            "DISCORD_TOKEN": self.token,
            "FATHOM_WIRE_URL": self.discord.url,
            "FATHOM_WIRE_HEARTBEAT_TIMEOUT": str(self.heartbeat_timeout),
            "FATHOM_WIRE_LIGHT": "1" if self.light else "",
            "FATHOM_WIRE_SLOW": str(self.slow),
            "OPENBLAS_NUM_THREADS": "1",  # as `python -m bot` sets it for itself
            "PYTHONPATH": str(REPOSITORY),
            "PYTHONUNBUFFERED": "1",
            **self.environment,
        }
        command = [sys.executable, "-m", "tests.wire.launch", "run", "--config", str(self.config), *self.arguments]
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *command, cwd=REPOSITORY, env=environment, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log
            )
        if not connected:
            return
        try:
            await self._until_connected(seconds)
        except TimeoutError:
            raise AssertionError(f"the bot did not connect:\n{self.said()[-3000:]}") from None

    async def _until_connected(self, seconds: float) -> None:
        assert self.process is not None
        ended = asyncio.ensure_future(self.process.wait())
        connected = asyncio.ensure_future(self.discord.gateway.until_connected(seconds))
        await asyncio.wait({ended, connected}, return_when=asyncio.FIRST_COMPLETED)
        if not connected.done():
            connected.cancel()
            raise AssertionError(f"the bot ended with {ended.result()}:\n{self.said()[-3000:]}")
        ended.cancel()
        connected.result()

    async def stop(self, *, number: int = signal.SIGTERM, seconds: float = 30.0) -> tuple[int, float]:
        """Ask it to stop; return its exit code and how many seconds it took."""
        assert self.process is not None
        started = time.monotonic()
        if self.process.returncode is None:
            self.process.send_signal(number)
        async with asyncio.timeout(seconds):
            code = await self.process.wait()
        return code, time.monotonic() - started

    async def kill(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.returncode is None

    def said(self) -> str:
        """Return the whole log."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def memory(self) -> float:
        """Return its resident memory in MiB."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024

    def descriptors(self) -> int:
        """Return how many files and sockets it has open."""
        assert self.process is not None
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))
