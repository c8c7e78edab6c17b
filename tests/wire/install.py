"""What an operator sets up: content, settings, state."""

from __future__ import annotations

from pathlib import Path

import yaml

from index.build import build_generation
from index.embedding import find_model
from tests.support.pages import write_library
from tests.wire.light_child import load


class Install:
    """A folder with a small library, a light model, settings and, at first, an index."""

    def __init__(self, root: Path, *, home: tuple[int, ...] = (), pages: int = 3) -> None:
        self.root = root
        root.mkdir(exist_ok=True)
        self.knowledge = write_library(root / "knowledge", _words(pages))
        self.state = root / "state"
        self.model = root / "model"
        self.model.mkdir()
        (self.model / "light.json").write_text("{}")
        self.config = root / "config.yaml"
        self.config.write_text(
            yaml.safe_dump(
                {
                    "knowledge": {"path": "knowledge"},
                    "state": {"path": "state"},
                    "model": {"name": str(self.model)},
                    "answers": {"threshold": 0.0},
                    "discord": {"home_guilds": list(home)},
                    # One person asks here what a whole server would.
                    "limits": {"per_member": 0, "per_channel": 0, "presses_per_member": 0},
                }
            )
        )
        self.build()

    def build(self) -> str:
        report = build_generation(self.knowledge, self.state, find_model(str(self.model)), load=load)
        return report.generation

    def change_content(self, number: int) -> None:
        """Change a page, so that the next build has something to do."""
        page = next(iter(sorted((self.knowledge / "en").glob("*.md"))))
        text = page.read_text(encoding="utf-8").replace(
            "# Intermediate", f"Edition {number} of the kettle.\n\n# Intermediate", 1
        )
        temporary = page.with_suffix(".new")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(page)


def _words(pages: int) -> dict[str, str] | None:
    return {f"kettle-drift-{number}": f"kettledrift{number}" for number in range(pages)} if pages != 3 else None
