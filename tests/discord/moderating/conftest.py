"""The real bot over three small pages and an encoder without a model: a rebuild takes two seconds, not twenty."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

import bot.library_watch
import bot.rebuild
from bot.config import DiscordSettings, KnowledgeSettings, Settings, StateSettings
from index.build import BuildReport, build_generation
from index.embedding import SentenceTransformerEncoder
from index.generation_store import GenerationStore
from tests.discord.conftest import HOME, World
from tests.support.light_encoder import LIGHT_MODEL, LightEncoder
from tests.support.pages import write_library

GOLDEN = """\
"what is kettle drift?": kettle-drift
"what is spoon bias?": spoon-bias, advanced
"cup collapse": cup-collapse
"""


@pytest.fixture
def encoder() -> SentenceTransformerEncoder:
    return cast("SentenceTransformerEncoder", LightEncoder())


@pytest.fixture
def query_encoder(encoder: SentenceTransformerEncoder) -> SentenceTransformerEncoder:
    return encoder


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(bot.rebuild, "CHILD", "tests.support.light_child")
    monkeypatch.setattr(bot.library_watch, "find_model", lambda _name: LIGHT_MODEL)
    settings = Settings(
        knowledge=KnowledgeSettings(path=write_library(tmp_path / "knowledge")),
        state=StateSettings(path=tmp_path / "state", keep_generations=4),
        discord=DiscordSettings(home_guilds=(HOME,)),
    )
    build(settings)
    return settings


def build(settings: Settings) -> BuildReport:
    """Build as another process would."""
    load = cast("type[SentenceTransformerEncoder]", lambda *_, **__: LightEncoder())
    return build_generation(settings.knowledge.path, settings.state.path, LIGHT_MODEL, load=load)


def page(settings: Settings, slug: str) -> Path:
    return settings.knowledge.path / "en" / f"{slug}.md"


def edit(settings: Settings, slug: str, old: str, new: str) -> None:
    file = page(settings, slug)
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def current(settings: Settings) -> str | None:
    return GenerationStore(settings.state.path).current_name()


def allow_everyone(world: World, name: str) -> None:
    """Let the client show a command to everyone, as a server's owner can: protection is ours alone."""
    for command in world.env.backend.commands[None].values():
        if command["name"] == name:
            command["default_member_permissions"] = None
