from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from filelock import FileLock

from index.build import BuildBusyError, BuildError, BuildReport, Progress, build_generation, is_current
from index.embedding import ModelFiles, SentenceTransformerEncoder
from index.generation import GenerationError
from index.generation_store import GenerationStore
from tests.support.light_encoder import LightEncoder
from tests.support.pages import PAGE, write_library

MODEL = ModelFiles("light", Path(), "light")
KILLS = int(os.environ.get("FATHOM_KILLS", "50"))


class Workshop:
    """A content folder, a state folder, and every text that was embedded."""

    def __init__(self, root: Path) -> None:
        self.knowledge = write_library(root / "knowledge")
        self.state = root / "state"
        self.encoder = LightEncoder()
        self.store = GenerationStore(self.state)

    def build(self, **options: Any) -> BuildReport:
        load = cast("type[SentenceTransformerEncoder]", lambda *_, **__: self.encoder)
        return build_generation(self.knowledge, self.state, MODEL, load=load, **options)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def test_the_first_build_adds_everything(workshop: Workshop) -> None:
    seen: list[Progress] = []
    report = workshop.build(on_progress=seen.append)
    assert report.swapped
    assert report.previous is None
    assert (report.counts.concepts, report.counts.references) == (3, 3)
    assert report.changes.added == report.counts.passages == report.embedded == len(workshop.encoder.encoded) == 18
    assert report.changes.pages_added == ("en/cup-collapse", "en/kettle-drift", "en/spoon-bias")
    assert report.problems == ()
    assert seen[0].stage == "reading"
    assert seen[-1] == Progress("writing", 18, 18)
    generation = workshop.store.open(report.generation)
    assert workshop.store.current_name() == generation.id == report.generation
    assert generation.manifest.counts == report.counts


def test_nothing_changed_is_no_new_generation(workshop: Workshop) -> None:
    first = workshop.build()
    second = workshop.build()
    assert not second.swapped
    assert second.generation == first.generation
    assert second.changes.reused == 18
    assert len(workshop.encoder.encoded) == 18


def test_only_what_changed_is_embedded_again(workshop: Workshop) -> None:
    workshop.build()
    workshop.encoder.encoded.clear()
    page = workshop.knowledge / "en" / "kettle-drift.md"
    page.write_text(
        page.read_text().replace("optimises steam", "optimises whistling")
        + "\nA new last paragraph"
        + " of words" * 10
        + ".\n"
    )
    report = workshop.build()
    assert len(workshop.encoder.encoded) == report.embedded == 2
    assert (report.changes.added, report.changes.changed, report.changes.removed, report.changes.reused) == (
        1,
        1,
        0,
        17,
    )
    assert [(place.slug, place.level) for place in report.changes.places] == [
        ("kettle-drift", "intermediate"),
        ("kettle-drift", "advanced"),
    ]


def test_a_page_moved_to_another_place_is_not_embedded_again(workshop: Workshop) -> None:
    workshop.build()
    workshop.encoder.encoded.clear()
    (workshop.knowledge / "en" / "posts").mkdir()
    (workshop.knowledge / "en" / "spoon-bias.md").rename(workshop.knowledge / "en" / "posts" / "spoon-bias.md")
    assert workshop.build().changes.reused == 18
    assert workshop.encoder.encoded == []


def test_a_removed_page_and_a_page_that_comes_back(workshop: Workshop) -> None:
    workshop.build()
    page = workshop.knowledge / "en" / "spoon-bias.md"
    text = page.read_text()
    page.unlink()
    report = workshop.build()
    assert report.changes.pages_removed == ("en/spoon-bias",)
    assert report.changes.removed == 6
    workshop.encoder.encoded.clear()
    page.write_text(text)
    assert workshop.build().changes.added == 6
    assert workshop.encoder.encoded == []


def test_another_model_is_another_generation(workshop: Workshop) -> None:
    workshop.build()
    assert is_current(workshop.store, workshop.knowledge, MODEL)
    assert not is_current(workshop.store, workshop.knowledge, ModelFiles("other", Path(), "other"))


def test_an_empty_folder_never_replaces_what_serves(workshop: Workshop) -> None:
    good = workshop.build().generation
    for page in (workshop.knowledge / "en").iterdir():
        page.write_text("broken")
    with pytest.raises(BuildError, match="no page could be read"):
        workshop.build()
    assert workshop.store.current_name() == good


def test_two_builds_at_once_are_refused(workshop: Workshop) -> None:
    workshop.state.mkdir()
    with FileLock(workshop.state / "build.lock"), pytest.raises(BuildBusyError, match="another build"):
        workshop.build()


def test_old_generations_are_pruned_but_never_the_one_that_serves(workshop: Workshop) -> None:
    names = []
    for number in range(4):
        (workshop.knowledge / "en" / "extra.md").write_text(
            PAGE.format(title=f"Extra {number}", alias="x", word="w", slug="kettle-drift")
        )
        names.append(workshop.build(keep=2).generation)
    assert workshop.store.names() == names[:1:-1]
    workshop.store.point_to(names[2])
    workshop.store.prune(1)
    assert workshop.store.names() == [names[3], names[2]]


def test_sentence_vectors_belong_to_their_sentences(workshop: Workshop) -> None:
    generation = workshop.store.open(workshop.build().generation)
    for row, passage in enumerate(generation.passages):
        vectors = generation.sentence_vectors(row)
        assert len(vectors) == len(passage.sentences)
        words, spans = passage.embedding_text()
        for vector, (start, end) in zip(vectors, spans, strict=True):
            assert float(vector @ workshop.encoder.encode_query(words[start:end])) == pytest.approx(1, abs=1e-2)


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("damage", ["truncate", "flip a bit", "empty", "delete", "foreign file"])
def test_a_damaged_generation_is_refused_and_rebuilt(workshop: Workshop, damage: str) -> None:
    name = workshop.build().generation
    folder = workshop.store.folder / name
    whole = workshop.state.parent / "whole"
    shutil.copytree(folder, whole)
    for file in files_of(folder):
        data = file.read_bytes()
        if damage == "truncate":
            file.write_bytes(data[: len(data) // 2])
        elif damage == "flip a bit":
            middle = len(data) // 2
            file.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
        elif damage == "empty":
            file.write_bytes(b"")
        elif damage == "delete":
            file.unlink()
        else:
            file.with_suffix(".pickle").write_bytes(b"x")
        with pytest.raises(GenerationError, match=name):
            workshop.store.open(name)
        assert workshop.store.open_best() is None
        shutil.rmtree(folder)
        shutil.copytree(whole, folder)
    files_of(folder)[0].write_bytes(b"damaged")
    rebuilt = workshop.build()
    assert rebuilt.swapped
    assert workshop.store.open_best() is not None


def test_a_generation_from_elsewhere_is_refused(workshop: Workshop, tmp_path: Path) -> None:
    stranger = Workshop(tmp_path / "elsewhere")
    name = stranger.build().generation
    own = workshop.build().generation
    shutil.copytree(stranger.store.folder / name, workshop.store.folder / name)
    workshop.store.point_to(name)
    with pytest.raises(GenerationError, match="not written by this installation"):
        workshop.store.open(name)
    best = workshop.store.open_best()
    assert best is not None
    assert best.id == own


@pytest.mark.parametrize(
    "pointer", [b"", b"../../etc", b"\xff\xff", b"20260101T000000000000-000000000000\n", b"x" * 10_000]
)
def test_a_damaged_pointer_falls_back_to_the_newest_good_generation(workshop: Workshop, pointer: bytes) -> None:
    name = workshop.build().generation
    (workshop.state / "current").write_bytes(pointer)
    best = workshop.store.open_best()
    assert best is not None
    assert best.id == name


def test_a_damaged_cache_costs_time_and_nothing_else(workshop: Workshop) -> None:
    workshop.build()
    (workshop.state / "embeddings.sqlite").write_bytes(b"no database at all" * 1000)
    (workshop.knowledge / "en" / "spoon-bias.md").unlink()
    report = workshop.build()
    assert report.swapped
    assert workshop.store.open_best() is not None


def test_killed_at_random_moments_it_leaves_a_good_generation(workshop: Workshop) -> None:
    """`kill -9` all over a rebuild, from the first import to the swap; afterwards a good generation always opens."""
    workshop.build()
    script = (
        "import sys, pathlib, os\n"
        "from tests.index.test_build import MODEL, build_generation\n"
        "from tests.support.light_encoder import LightEncoder\n"
        "from index.build import Progress\n"
        "print('ready', flush=True)\n"
        "content, state = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])\n"
        "build_generation(content, state, MODEL, keep=3, load=lambda *a, **k: LightEncoder())\n"
        "print('done', flush=True)\n"
    )
    random_moments = random.Random(7)
    duration = 0.15
    killed = finished = 0
    known = set(workshop.store.names())
    for number in range(KILLS):
        (workshop.knowledge / "en" / "extra.md").write_text(
            PAGE.format(title=f"Extra {number}", alias="x", word=f"word{number}", slug="kettle-drift")
        )
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(workshop.knowledge), str(workshop.state)], stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        started = time.monotonic()
        time.sleep(random_moments.uniform(0, duration))
        process.send_signal(signal.SIGKILL)
        if b"done" in process.stdout.read():
            finished += 1
            duration = min(duration, time.monotonic() - started)
        else:
            killed += 1
            duration = min(duration * 1.05, 2.0)
        process.stdout.close()
        process.wait()
        current = workshop.store.current_name()
        best = workshop.store.open_best()
        assert best is not None
        assert best.id == current, "what `current` names is always whole"
        known.add(best.id)
    assert killed >= KILLS // 3, f"only {killed} of {KILLS} kills met a running build"
    assert workshop.build().swapped or finished
    assert not list(workshop.store.folder.glob(".draft-*")), "what killed builds left is cleared"


def test_the_real_model_agrees_with_itself(model: ModelFiles) -> None:
    # An encoder of its own: one that has embedded a whole library may have gone over to bfloat16.
    encoder = SentenceTransformerEncoder(model)
    texts = ["A short text.", "A second one. It has two sentences, and is a good deal longer than the first. " * 3]
    spans = [[(0, 13)], [(0, 13), (14, 77)]]
    both = encoder.encode_passages(list(zip(texts, spans, strict=True)))
    for text, span, embedded in zip(texts, spans, both, strict=True):
        (alone,) = encoder.encode_passages([(text, span)])
        assert np.allclose(alone.vector, embedded.vector, atol=1e-5)
        assert np.allclose(alone.vector, encoder.encode_query(text), atol=1e-5)
        assert embedded.sentences.shape == (len(span), encoder.dimension)
        assert np.allclose(np.linalg.norm(embedded.sentences, axis=1), 1, atol=1e-5)
