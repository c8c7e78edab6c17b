"""A build that takes unchanged pages over from the generation before writes what a build from nothing writes."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from typing import Any, cast

import pytest

from index import code_digest, concept_head
from index.build import BuildReport, build_generation
from index.embedding import ModelFiles, SentenceTransformerEncoder
from index.generation_store import GenerationStore
from tests.support.light_encoder import LightEncoder
from tests.support.pages import PAGE, REFERENCES, write_library

WORDS = "steam tea kettle spoon cup handle lid spout boiling water reward proxy drift bias collapse".split()


def build(knowledge: Path, state: Path, *, checksum: str = "light", window: int = 60, **options: Any) -> BuildReport:
    encoder = LightEncoder(checksum, window)
    load = cast("type[SentenceTransformerEncoder]", lambda *_, **__: encoder)
    return build_generation(knowledge, state, ModelFiles("light", Path(), checksum), load=load, **options)


def contents(state: Path) -> dict[str, bytes]:
    """Return every file of the generation that serves, without those that hold the time."""
    store = GenerationStore(state)
    folder = store.folder / (store.current_name() or "")
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if name not in {"manifest.json", "seal"}}


def write_questions(root: Path, chance: random.Random) -> None:
    (root / "questions").mkdir(exist_ok=True)
    lines = []
    for slug in [page.stem for page in sorted((root / "en").glob("*.md"))] + ["outside"]:
        lines.append(f"{slug}:")
        lines += [f'  - "what is {chance.choice(WORDS)} {slug} {number}?"' for number in range(chance.randint(7, 10))]
    (root / "questions" / "en.yaml").write_text("\n".join(lines) + "\n")


def edit(root: Path, chance: random.Random, number: int) -> None:  # noqa: C901  # a branch for each kind of edit
    """Do to a content folder what its authors do."""
    pages = sorted((root / "en").rglob("*.md"))
    references = sorted((root / "references").glob("*.yaml"))
    page = chance.choice(pages)
    word = f"{chance.choice(WORDS)}{number}"
    what = chance.choice(
        ["text", "title", "line", "delete", "add", "copy", "move", "break", "reference", "ask", "gone"]
    )
    if what == "text":
        page.write_text(page.read_text().replace("\n# Intermediate", f"\nMore of {word}. {word}!\n\n# Intermediate", 1))
    elif what == "title":
        page.write_text(page.read_text().replace("title: ", f"title: {word} ", 1))
    elif what == "line":
        page.write_text("\n" + page.read_text())
    elif what == "delete" and len(pages) > 2:
        page.unlink()
    elif what == "add":
        text = PAGE.format(title=f"About {word}", alias=word, word=word, slug="kettle-drift")
        (root / "en" / f"{word}.md").write_text(text)
    elif what == "copy":  # a second page for the same concept
        (root / "en" / "more").mkdir(exist_ok=True)
        (root / "en" / "more" / page.name).write_text(page.read_text())
    elif what == "move":
        (root / "en" / "posts").mkdir(exist_ok=True)
        page.rename(root / "en" / "posts" / page.name)
    elif what == "break":
        (root / "en" / f"{word}.md").write_text("no front matter")
    elif what == "reference":
        reference = chance.choice(references)
        text = REFERENCES.format(title=word, word=word, slug=reference.stem)
        reference.write_text(text)
    elif what == "ask":
        write_questions(root, chance)
    elif what == "gone" and len(references) > 1:
        chance.choice(references).unlink()


@pytest.mark.parametrize("seed", range(6))
def test_after_any_edits_it_is_the_same_as_from_nothing(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    knowledge = write_library(tmp_path / "knowledge")
    write_questions(knowledge, chance)
    build(knowledge, tmp_path / "state")
    for number in range(5):
        for _ in range(chance.randint(1, 3)):
            edit(knowledge, chance, number)
        report = build(knowledge, tmp_path / "state")
        fresh = build(knowledge, tmp_path / f"fresh {number}")
        assert contents(tmp_path / "state") == contents(tmp_path / f"fresh {number}")
        assert report.problems == fresh.problems
        assert report.counts == fresh.counts
        assert GenerationStore(tmp_path / "state").open(report.generation).manifest.head


def test_an_unchanged_page_is_neither_parsed_nor_cut_nor_embedded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    knowledge = write_library(tmp_path / "knowledge")
    build(knowledge, tmp_path / "state")
    touched: list[str] = []
    import index.library
    import index.recut

    read, cut = index.library.read_page, index.recut.cut_page

    def read_page(data: bytes, **names: str) -> Any:
        touched.append("read " + names["slug"])
        return read(data, **names)

    def cut_page(page: Any, *some: Any, **more: Any) -> Any:
        touched.append("cut " + page.slug)
        return cut(page, *some, **more)

    monkeypatch.setattr(index.library, "read_page", read_page)
    monkeypatch.setattr(index.recut, "cut_page", cut_page)
    page = knowledge / "en" / "spoon-bias.md"
    page.write_text(page.read_text().replace("optimises", "maximises"))
    (tmp_path / "state" / "embeddings.sqlite").unlink()
    assert build(knowledge, tmp_path / "state").embedded == 6
    assert touched == ["read spoon-bias", "cut spoon-bias"]


@pytest.mark.parametrize("other", ["model", "window", "code"])
def test_what_was_cut_otherwise_is_cut_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    knowledge = write_library(tmp_path / "knowledge")
    build(knowledge, tmp_path / "state")
    (knowledge / "en" / "cup-collapse.md").unlink()
    options: dict[str, Any] = {"model": {"checksum": "another"}, "window": {"window": 20}, "code": {}}[other]
    if other == "code":
        monkeypatch.setattr("index.previous.code_digest", lambda: "another")
    build(knowledge, tmp_path / "state", **options)
    build(knowledge, tmp_path / "fresh", **options)
    assert contents(tmp_path / "state") == contents(tmp_path / "fresh")


def test_a_damaged_generation_is_not_built_on(tmp_path: Path) -> None:
    knowledge = write_library(tmp_path / "knowledge")
    name = build(knowledge, tmp_path / "state").generation
    vectors = tmp_path / "state" / "generations" / name / "vectors.faiss"
    data = bytearray(vectors.read_bytes())
    data[-5] ^= 1
    vectors.write_bytes(data)
    (knowledge / "en" / "cup-collapse.md").unlink()
    build(knowledge, tmp_path / "state")
    build(knowledge, tmp_path / "fresh")
    assert contents(tmp_path / "state") == contents(tmp_path / "fresh")


@pytest.mark.parametrize("damage", ["a vector", "a page of the file"])
def test_damage_inside_the_cache_is_found(tmp_path: Path, damage: str) -> None:
    knowledge = write_library(tmp_path / "knowledge")
    build(knowledge, tmp_path / "state")
    cache = tmp_path / "state" / "embeddings.sqlite"
    if damage == "a vector":
        with sqlite3.connect(cache) as connection:
            connection.execute("UPDATE vectors SET vector = zeroblob(length(vector))")
        connection.close()
    else:
        data = bytearray(cache.read_bytes())
        data[4096:] = b"\x77" * (len(data) - 4096)
        cache.write_bytes(data)
    for generation in (tmp_path / "state" / "generations").iterdir():
        (generation / "seal").unlink()
    assert build(knowledge, tmp_path / "state").embedded == 18
    build(knowledge, tmp_path / "fresh")
    assert contents(tmp_path / "state") == contents(tmp_path / "fresh")


def test_a_cache_of_an_earlier_version_is_used(tmp_path: Path) -> None:
    knowledge = write_library(tmp_path / "knowledge")
    build(knowledge, tmp_path / "state")
    with sqlite3.connect(tmp_path / "state" / "embeddings.sqlite") as connection:
        connection.execute("ALTER TABLE vectors DROP COLUMN checksum")
    connection.close()
    for generation in (tmp_path / "state" / "generations").iterdir():
        (generation / "seal").unlink()
    assert build(knowledge, tmp_path / "state").embedded == 0


def test_a_library_too_large_to_learn_from_opens_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    knowledge = write_library(tmp_path / "knowledge")
    write_questions(knowledge, random.Random(0))
    monkeypatch.setattr(concept_head, "_MOST_WORK", 10)
    generation = GenerationStore(tmp_path / "state").open(build(knowledge, tmp_path / "state").generation)
    assert generation.head is None
    assert generation.word_head is None


def test_the_code_has_a_digest() -> None:
    assert code_digest.code_digest() == code_digest.code_digest.__wrapped__()
    assert len(code_digest.code_digest()) == 64
