"""Content folders: strange names, links out of the folder, what is no file; one bad thing never stops the others."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any, ClassVar

from bot.library_watch import looks
from index.library import content_hash, read_library
from index.library_checks import check_library
from index.passages import cut_library
from tests.fuzz.target import Target, promise
from tests.support.pages import write_library

_ELSEWHERE = "this stands outside"
_PARTS = (
    *(
        "en",
        "de",
        "references",
        "questions",
        "index",
        "_index",
        "readme",
        ".git",
        "..",
        ".",
        "a" * 200,
        "a\nb",
        "ü",
        "\udcff",
    ),
    *("x.de", "x.zz", " ", "con", "-rf", "--help", "a:1", "%s", "`x`", "@everyone", "\u202e", "~", "*", "kettle-drift"),
)
_SUFFIXES = (".md", ".md", ".md", ".yaml", ".yml", ".MD", "", ".md.yaml")
_TEXTS = (
    "---\ntitle: T\nsummary: S\nrequires: [{slug}, x]\n---\n# Basic\n\nWords.\n",
    "---\ntitle: T\nsummary: S\nrequires: [a, b, c]\nrelated: [..]\n---\n# Advanced\n\n- https://example.org/x\n",
    "https://example.org/x:\n  title: T\n  summary: S\n",
    "kettle-drift:\n- why?\n",
    "\xff",
    "",
)


class Folders(Target):
    """A small good library with strange neighbours."""

    name: ClassVar[str] = "folders"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._outside = folder / "outside"
        self._outside.mkdir()
        page = f"---\ntitle: Outside\nsummary: {_ELSEWHERE}\n---\n# Basic\n\n{_ELSEWHERE}\n"
        (self._outside / "secret.md").write_text(page)
        self._good = write_library(folder / "good", {"kettle-drift": "kettledrift"})

    def make(self, random: Random) -> bytes:
        strange: list[dict[str, Any]] = []
        for _ in range(random.randint(1, 6)):
            parts = [random.choice(_PARTS) for _ in range(random.choice((1, 1, 2, 3, 12)))]
            kind = random.choice(("file", "file", "file", "folder", "link", "loop", "pipe", "link to folder"))
            item = {"path": parts, "suffix": random.choice(_SUFFIXES), "kind": kind, "text": random.choice(_TEXTS)}
            strange.append(item)
        return json.dumps(strange).encode()

    def check(self, data: bytes) -> str:
        root = self.folder / "content"
        self._good.rename(root)
        made: list[Path] = []
        try:
            for item in _items(data):
                made += self._put(root, item)
            library = read_library(root)
            said = "".join(f"{page.title}{page.summary}" for page in library.pages.values())
            promise(_ELSEWHERE not in said, "a link led out of the folder")
            promise(("en", "kettle-drift") in library.pages or made, "a good page was lost")
            for problem in check_library(library):
                promise("\n" not in str(problem), f"a problem on two lines: {str(problem)!r}")
                str(problem).encode()
            for passage in cut_library(library, count_tokens=lambda text: len(text.split()), window=256):
                passage.id.encode()
                passage.file.encode()
            if len(data) % 4 == 0:
                promise(content_hash(root) == library.content_hash, "two hashes of one content")
                looks(root)
        finally:
            for path in made:
                with suppress(FileNotFoundError, NotADirectoryError):
                    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            root.rename(self._good)
        return "read with problems" if library.problems else "read"

    def _put(self, root: Path, item: dict[str, Any]) -> list[Path]:
        """Make something strange, unless the system has no place for it; return what to delete afterwards."""
        path = root.joinpath(*item["path"])
        path = path.with_name(path.name + item["suffix"]) if path.name not in {"", ".", ".."} else path
        path = Path(os.path.normpath(path))
        if not path.is_relative_to(root) or os.path.lexists(path):
            return []
        top = path
        while not os.path.lexists(top.parent):
            top = top.parent
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            match item["kind"]:
                case "file":
                    path.write_bytes(item["text"].replace("{slug}", path.stem).encode("utf-8", "surrogateescape"))
                case "folder":
                    path.mkdir()
                case "link":
                    path.symlink_to(self._outside / "secret.md")
                case "link to folder":
                    path.symlink_to(self._outside)
                case "loop":
                    path.symlink_to(path)
                case "pipe":
                    os.mkfifo(path)
        except (OSError, ValueError):
            pass
        return [top]


def _items(data: bytes) -> list[dict[str, Any]]:
    try:
        items = json.loads(data)
        return [item for item in items if {"path", "suffix", "kind", "text"} <= item.keys() and item["path"]]
    except (ValueError, TypeError, AttributeError):
        return []
