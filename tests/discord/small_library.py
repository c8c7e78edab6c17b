"""A dozen pages of the shipped library, one of them in German too, behind an encoder without a model.

For tests of what does not depend on ranking: import the fixtures, and the world starts several times faster.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from index.build import build_generation
from index.embedding import ModelFiles
from tests.conftest import REPOSITORY
from tests.support.light_encoder import LightEncoder

GOAL = "goal-misgeneralization"
PAGES = (GOAL, "corrigibility", "rlhf")

GERMAN = """---
title: Korrigierbarkeit
date: 2026-01-01
summary: Korrigierbar ist eine KI, die sich von Menschen berichtigen und abschalten lässt.
aliases: [korrigierbare KI]
tags: [goals]
---

# Grundlagen

Eine korrigierbare KI lässt sich berichtigen und abschalten, auch wenn das ihren eigenen Zielen im Weg steht.

# Weiterführend

Wer ein Ziel verfolgt, hat einen Grund, Eingriffe zu verhindern; Korrigierbarkeit soll diesen Grund nehmen.
"""


@pytest.fixture(scope="module")
def encoder() -> LightEncoder:
    return LightEncoder()


@pytest.fixture(scope="module")
def query_encoder(encoder: LightEncoder) -> LightEncoder:
    return encoder


@pytest.fixture(scope="module")
def library_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("small") / "knowledge"
    waiting = list(PAGES)
    while waiting:
        page = Path("en", f"{waiting.pop()}.md")
        if (root / page).exists():
            continue
        (root / page).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / "knowledge" / page, root / page)
        front_matter = (root / page).read_text(encoding="utf-8").split("---")[1]
        waiting += yaml.safe_load(front_matter).get("requires") or []
    (root / "de").mkdir()
    (root / "de" / "corrigibility.md").write_text(GERMAN, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def library_state(library_content: Path, encoder: LightEncoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    state = tmp_path_factory.mktemp("small") / "state"
    load = cast("Any", lambda *_, **__: encoder)
    build_generation(library_content, state, ModelFiles("light", Path(), encoder.checksum), load=load)
    return state
