"""Settings files: usable settings, or an error that names the file."""

from __future__ import annotations

from random import Random
from typing import ClassVar

from bot.config import ConfigError, Settings, load_settings
from tests.fuzz.mutation import huge, mutate
from tests.fuzz.target import Target, promise

_WHOLE = b"""\
knowledge: {path: knowledge, git_pull: false, watch: false}
state: {path: var}
answers: {default_level: intermediate, threshold: 0.5, gap_log: true}
limits: {per_member: 10, per_channel: 60, presses_per_member: 60, at_once: 2}
discord: {home_guilds: [123456789012345678]}
model:
  name: x
"""
_REAL = (
    _WHOLE,
    b"# settings\nstate:\n  path: ../../etc\n  keep_generations: 3\ndiscord:\n  home_guilds:\n  - 1\n  - 2\n",
    b"",
)
_PIECES = (
    *(
        b"!!bool ",
        b"!!int ",
        b"!!timestamp ",
        b"!!float ",
        b"!!binary ",
        b"!!set ",
        b"!!omap ",
        b"!!null ",
        b"!!python/name:os.system ",
    ),
    *(
        b"&a ",
        b"*a",
        b"<<: ",
        b"[",
        b"{",
        b"? ",
        b"- ",
        b"'",
        b'"',
        b"\\ud800",
        b'"\\0"',
        b"1:1:1",
        b"0x",
        b"0b",
        b".inf",
        b".nan",
    ),
    *(
        b"2026-13-45",
        b"0001-01-01T00:00:00+23:59",
        b"9" * 5000,
        b"1e999",
        b"knowledge:\n",
        b"  path: ",
        b"%TAG !a! x\n",
        b"---\n",
        b"a: &a [*a]\n",
    ),
    *(b"1: 2\n", b"~: x\n", b"[a]: b\n", b"{a: b}: c\n", b"true: x\n", b"  ", b"\t", b"model: {name: 7}\n", b"-", b"_"),
)


class SettingsFiles(Target):
    """`config.yaml`, as `load_settings` reads it."""

    name: ClassVar[str] = "settings"

    def make(self, random: Random) -> bytes:
        kind = random.random()
        if kind < 0.0005:
            return huge(random, _PIECES, random.choice((50_000, 1_000_000, 10_000_000)))
        if kind < 0.2:
            return huge(random, _PIECES, random.randint(1, 300))
        return mutate(random, random.choice(_REAL), _REAL, _PIECES)[:2000]

    def check(self, data: bytes) -> str:
        file = self.folder / "config.yaml"
        file.write_bytes(data)
        try:
            settings = load_settings(file)
        except ConfigError as error:
            for line in str(error).split("\n"):
                promise(line.startswith(str(file)), f"no file in {line!r}")
            return "refused"
        promise(isinstance(settings, Settings), "no settings")
        for path in (settings.knowledge.path, settings.state.path):
            path.is_dir()
            str(path).encode()
        return "read"
