"""Generations and the small files of a state folder: whole and ours, or refused with `GenerationError`."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from random import Random
from typing import Any, ClassVar

from bot.links.report import last_link_report
from index.build import build_generation
from index.checksums import file_checksum
from index.due import build_is_due
from index.embedding import ModelFiles
from index.generation import MANIFEST, SEAL, GenerationError, seal
from index.generation_store import GenerationStore
from index.golden_record import read_record
from index.hold import read_hold
from index.rollback import kept_generations
from index.swap import _serving
from tests.fuzz.mutation import mutate
from tests.fuzz.questions import light_state
from tests.fuzz.target import Target, promise

_LIGHT = ModelFiles("light", Path(), "light")
_FAISS = (".faiss",)
_DAMAGES = (
    *("flip", "flip", "truncate", "extend", "empty", "delete", "folder", "link out", "loop", "swap", "foreign", "add"),
    *("replace", "replace", "other generation"),
)
_STATE_FILES = ("current", "seal.key", "hold.json", "golden-answers.json", "links.json")
_JSON = (
    b"null",
    b"[]",
    b"{}",
    b'""',
    b"-1",
    b"1e999",
    b"[[[[[[[[",
    b'{"a":' * 500,
    b"NaN",
    b'"\\ud800"',
    b"9" * 400,
    b"\xff",
)


class Generations(Target):
    """Two generations, one of a stranger, and damage of every kind; in half of the inputs it is sealed again.

    FAISS files are never sealed again: what is in them is trusted because of the seal, and only because of it.
    """

    name: ClassVar[str] = "generations"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.state = light_state(folder)
        self.content = folder / "content"
        self.store = GenerationStore(self.state)
        page = self.content / "en" / "cup-collapse.md"
        page.write_text(page.read_text().replace("optimises", "optimises ice and"))
        self._build(self.content, self.state)
        self.stranger = GenerationStore(light_state(_made(folder / "stranger")))
        self.names = self.store.names()
        self.whole = folder / "whole"
        shutil.copytree(self.state, self.whole, symlinks=True)
        self.files = {path.relative_to(self.whole).as_posix(): path.read_bytes() for path in _files(self.whole)}
        foreign = self.stranger.folder / self.stranger.names()[0]
        self.foreign = {path.relative_to(foreign).as_posix(): path.read_bytes() for path in _files(foreign)}

    def _build(self, content: Path, state: Path) -> None:
        from tests.support.light_encoder import LightEncoder

        load: Any = lambda *_, **__: LightEncoder()  # noqa: E731
        build_generation(content, state, _LIGHT, load=load)

    def make(self, random: Random) -> bytes:
        names = sorted(name for name in self.files if name.startswith("generations/"))
        steps = []
        for _ in range(random.choice((1, 1, 1, 2, 4))):
            file = random.choice(_STATE_FILES) if random.random() < 0.15 else random.choice(names)
            step = {
                "file": file,
                "damage": random.choice(_DAMAGES),
                "at": random.random(),
                "other": random.choice(names),
            }
            source = self.files.get(file, b"{}")
            if step["damage"] == "replace" and len(source) < 200_000:
                step["data"] = mutate(
                    random, random.choice((source, source, random.choice(_JSON))), (source,), _JSON
                ).hex()
            steps.append(step)
        return json.dumps({"steps": steps, "sealed again": random.random() < 0.5}).encode()

    def check(self, data: bytes) -> str:
        try:
            plan = json.loads(data)
            steps = [step for step in plan["steps"] if {"file", "damage", "at", "other"} <= step.keys()]
        except (ValueError, TypeError, KeyError, AttributeError):
            return "no damage"
        touched: set[str] = set()
        sealed: set[str] = set()
        try:
            for step in steps:
                touched |= self._damage(step)
            sealed = self._seal_again(touched) if plan.get("sealed again") else set()
            return self._look(touched, sealed, also=len(data) % 8 == 0)
        finally:
            self._restore({*touched, "seal.key", "hold.json"}, sealed)

    def _look(self, touched: set[str], sealed: set[str], *, also: bool) -> str:
        """Do what the bot does with a state folder at its start, and if wanted also what it does later."""
        opened, refused = [], 0
        key_is_whole = (self.state / "seal.key").is_file() and (self.state / "seal.key").read_bytes() == self.files[
            "seal.key"
        ]
        damaged = {name for name in self.names if any(f"/{name}/" in file for file in touched)}
        for name in {*self.names, *self.store.names()} if also else damaged | sealed:
            try:
                generation = self.store.open(name)
            except GenerationError as error:
                promise(name in str(error) or "seal.key" in str(error), f"which one? {error}")
                promise(not (key_is_whole and self._is_whole(name, touched)), f"a whole one was refused: {error}")
                refused += 1
                continue
            promise(self._is_whole(name, touched) or name in sealed, f"{name} was opened although it is damaged")
            len(generation.concepts), generation.rows_of_concept, generation.languages
            opened.append(name)
        if also:
            self._look_further(serves=bool(opened))
        return f"{'sealed again: ' if sealed else ''}{len(opened)} of {len(opened) + refused} opened"

    def _look_further(self, *, serves: bool) -> None:
        promise((self.store.open_best() is not None) == serves, "what serves is not what can be opened")
        kept_generations(self.store)
        read_hold(self.state)
        read_record(self.state, self.names[0])
        last_link_report(self.state)
        _serving(self.store)
        build_is_due(self.state, self.content, _LIGHT)

    def _is_whole(self, name: str, touched: set[str]) -> bool:
        """Say whether everything that was touched in a generation is as it was after all."""
        if name not in self.names or not (self.state / "generations" / name).is_dir():
            return False
        paths = {file: self.state / file for file in touched if f"/{name}/" in file}
        added = any(path.with_name(f"{path.name}.pickle").exists() for path in paths.values())
        return not added and all(
            path.is_file() and path.read_bytes() == self.files[file] for file, path in paths.items()
        )

    def _damage(self, step: dict[str, Any]) -> set[str]:  # noqa: C901, PLR0912  # one case for each damage
        """Do one thing to one file; return which files are not as they were."""
        name, other, at = str(step["file"]), str(step["other"]), float(step["at"])
        if name not in self.files and name not in _STATE_FILES:
            return set()
        path, data = self.state / name, self.files.get(name, b"{}")
        _clear(path)
        place = min(int(at * len(data)), max(0, len(data) - 1))
        flipped = data[:place] + bytes([data[place] ^ 1 << int(at * 1e6) % 8]) + data[place + 1 :] if data else b"\0"
        inside = name.split("/", 2)[-1]
        match step["damage"]:
            case "flip":
                path.write_bytes(flipped)
            case "truncate":
                path.write_bytes(data[:place])
            case "extend":
                path.write_bytes(data + flipped[:64])
            case "empty":
                path.write_bytes(b"")
            case "folder":
                path.mkdir()
            case "link out":
                path.symlink_to("/etc/passwd")
            case "loop":
                path.symlink_to(path)
            case "swap":
                path.write_bytes(self.files.get(other, b""))
                _clear(self.state / other)
                (self.state / other).write_bytes(data)
                return {name, other}
            case "foreign":
                path.write_bytes(self.foreign.get(inside, b"foreign"))
            case "add":
                path.write_bytes(data)
                path.with_name(f"{path.name}.pickle").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
            case "other generation":
                names = [item for item in self.names if item not in name]
                path.write_bytes(self.files.get(f"generations/{names[0]}/{inside}", b"") if names else b"")
            case "replace":
                path.write_bytes(bytes.fromhex(step.get("data", "")))
        return {name}

    def _seal_again(self, touched: set[str]) -> set[str]:
        """Write the manifest of each generation anew, as a faulty version of this program could have; return names."""
        made = set()
        for name in self.names:
            folder = self.state / "generations" / name
            changed = {file.rsplit(f"/{name}/", 1)[-1] for file in touched if f"/{name}/" in file}
            if not changed or any(file.endswith(_FAISS) for file in changed) or changed & {SEAL}:
                continue
            key = self.files["seal.key"]
            data = self.files[f"generations/{name}/{MANIFEST}"]
            if MANIFEST in changed:
                if not (folder / MANIFEST).is_file():
                    continue
                data = (folder / MANIFEST).read_bytes()
            else:
                manifest = json.loads(data)
                present = [path for path in _files(folder) if path.name not in {MANIFEST, SEAL}]
                manifest["files"] = {path.relative_to(folder).as_posix(): file_checksum(path) for path in present}
                data = json.dumps(manifest).encode()
                (folder / MANIFEST).write_bytes(data)
            (folder / SEAL).write_text(seal(data, key))
            renamed = f"{name.rsplit('-', 1)[0]}-{hashlib.sha256(data).hexdigest()[:12]}"
            folder.rename(folder.with_name(renamed))
            made.add(renamed)
        return made

    def _restore(self, touched: set[str], renamed: set[str]) -> None:
        """Put everything back as it was."""
        for name in renamed:
            folder = self.state / "generations" / name
            if folder.is_dir():
                shutil.rmtree(folder)
        for name in self.names:
            folder = self.state / "generations" / name
            if not folder.is_dir():
                shutil.copytree(self.whole / "generations" / name, folder)
        for name in touched:
            _clear(self.state / name)
            _clear(self.state / f"{name}.pickle")
            if name in self.files:
                (self.state / name).write_bytes(self.files[name])
        for name in self.names:
            for file in (MANIFEST, SEAL):
                (self.state / "generations" / name / file).write_bytes(self.files[f"generations/{name}/{file}"])


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _clear(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
