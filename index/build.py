"""Building the next generation, beside the one that serves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from index.build_lock import build_lock
from index.changes import Changes, compare
from index.draft_files import describe, list_concepts, write_files
from index.draft_vectors import write_vectors
from index.embedding import ModelFiles, SentenceTransformerEncoder
from index.embedding_cache import EmbeddingCache
from index.generation import Concept, Counts, GenerationError, Manifest
from index.generation_diff import Contents, GenerationDiff, sort_contents
from index.generation_store import GenerationStore
from index.golden import GoldenReport
from index.library import content_hash, read_library
from index.passages import Passage
from index.previous import Previous, read_previous
from index.problems import Problem
from index.recut import Cut, recut
from index.serving_form import choose_form
from index.swap import SWAP_FREELY, BuildOutcome, SwapRules
from index.vector_store import IN_FOLDER, VectorStore


class BuildError(Exception):
    """A build that must not replace what serves."""


class BuildBusyError(BuildError):
    """Another build of the same state folder is running."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is: its stage in words, and how many of how many passages."""

    stage: str
    done: int
    total: int


class OnProgress(Protocol):
    """Whoever wants to hear how far a build is."""

    def __call__(self, progress: Progress, /) -> None:
        """Take note; called often, so it must be quick."""
        ...


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: which generation serves now, what changed, what is wrong with the content.

    `generation` is empty when the first draft of all was not taken over; `pulled` says what was fetched first.
    """

    generation: str
    previous: str | None
    swapped: bool
    counts: Counts
    changes: Changes
    embedded: int
    seconds: float
    problems: tuple[Problem, ...]
    outcome: BuildOutcome = BuildOutcome.SWAPPED
    diff: GenerationDiff = field(default_factory=GenerationDiff)
    golden: GoldenReport | None = None
    pulled: str = ""


def is_current(store: GenerationStore, knowledge: Path, model: ModelFiles, vectors: VectorStore = IN_FOLDER) -> bool:
    """Say whether the generation that serves was built from this content with this model, its vectors kept there.

    Raises:
        LibraryError: the content folder does not exist.
    """
    name = store.current_name()
    if name is None:
        return False
    try:
        manifest = store.manifest(name)
    except GenerationError:
        return False
    return vectors.keeps(store.folder / name) and _made_of(manifest, content_hash(knowledge), model)


def _made_of(manifest: Manifest, content: str, model: ModelFiles) -> bool:
    return manifest.content_hash == content and manifest.model_checksum == model.checksum


def build_generation(
    knowledge: Path,
    state: Path,
    model: ModelFiles,
    *,
    keep: int = 5,
    threads: int = 1,
    on_progress: OnProgress = lambda _: None,
    load: Callable[..., SentenceTransformerEncoder] = SentenceTransformerEncoder,
    rules: SwapRules = SWAP_FREELY,
    vectors: VectorStore = IN_FOLDER,
) -> BuildReport:
    """Read the content, embed what is new, write a generation aside and swap it in, if the rules let it.

    Killed at any moment, this leaves the generation that served before in place.

    Args:
        knowledge: the content folder.
        state: where generations and the embedding cache live.
        model: the embedding model.
        keep: how many generations to keep.
        threads: how many threads to embed with.
        on_progress: told how far the build is.
        load: makes the encoder; called only when a build is needed.
        rules: what must hold before the swap.
        vectors: where to keep the vectors.

    Raises:
        BuildBusyError: another build is running.
        BuildError: not one page could be read.
        LibraryError: the content folder does not exist.
        ModelError: the model cannot be loaded.
        VectorStoreError: the vectors cannot be kept where they should.
    """
    started = time.monotonic()
    state.mkdir(parents=True, exist_ok=True)
    busy = BuildBusyError("another build is running; wait for it to end")
    with build_lock(state, busy, lambda problem: BuildError(f"{problem}; what serves now is kept")):
        store = GenerationStore(state)
        on_progress(Progress("reading", 0, 0))
        previous = read_previous(store)
        library = read_library(knowledge, previous.pages)
        problems = tuple(sorted(library.problems))
        if not library.pages:
            first = f" (first problem: {problems[0]})" if problems else ""
            raise BuildError(f"{knowledge}: no page could be read{first}; what serves now is kept")
        before = previous.manifest
        if before and _made_of(before, library.content_hash, model) and _keeps(vectors, previous.folder):
            seconds = time.monotonic() - started
            name, unchanged = previous.name or "", Changes(0, 0, 0, len(previous.passages), (), (), ())
            return BuildReport(
                name, name, False, before.counts, unchanged, 0, seconds, problems, BuildOutcome.UNCHANGED
            )
        encoder = load(model, threads=threads)
        cut = recut(
            library,
            previous,
            model_checksum=encoder.checksum,
            count_tokens=encoder.count_tokens,
            window=encoder.window,
        )
        total = len(cut.passages)
        draft = store.new_draft()
        with EmbeddingCache(state / "embeddings.sqlite") as cache:
            embedded, index = write_vectors(
                draft,
                cut,
                previous,
                encoder,
                cache,
                vectors,
                threads=threads,
                on_embedded=lambda done: on_progress(Progress("embedding", done, total)),
            )
        serving = choose_form(draft, state / "models", encoder, cut.passages, index)
        on_progress(Progress("writing", total, total))
        concepts = list_concepts(cut, previous)
        head = write_files(draft, cut, concepts, previous, index)
        manifest = describe(draft, cut, model, encoder.dimension, head, serving)
        old, new = _differing(previous, cut, concepts)
        verdict = rules.judge(store, draft, manifest, encoder, cut.library, old.contents, new.contents)
        if verdict.swap:
            name = store.publish(draft, manifest)
            store.prune(max(keep, vectors.fewest_kept))
        else:
            store.discard(draft)
            name = previous.name or ""
        verdict.settle(state, name)
        changes = compare(old.passages, new.passages)
        return BuildReport(
            generation=name,
            previous=previous.name,
            swapped=verdict.swap,
            counts=manifest.counts,
            changes=replace(changes, reused=changes.reused + total - len(new.passages)),
            embedded=embedded,
            seconds=time.monotonic() - started,
            problems=tuple(sorted([*cut.library.problems, *verdict.problems])),
            outcome=verdict.outcome,
            diff=verdict.diff,
            golden=verdict.golden,
        )


def _keeps(vectors: VectorStore, folder: Path) -> bool:
    return vectors.keeps(folder) and vectors.intact(folder)


@dataclass(frozen=True, slots=True)
class _Side:
    """The passages and concepts of one of two generations, without those of pages that are the same in both."""

    passages: list[Passage]
    concepts: list[Concept]

    @property
    def contents(self) -> Contents:
        return sort_contents(self.passages, self.concepts)


def _differing(previous: Previous, cut: Cut, concepts: list[Concept]) -> tuple[_Side, _Side]:
    """Return what may differ between the generation that serves and the next one."""

    def side(passages: list[Passage], listed: Iterable[Concept]) -> _Side:
        return _Side(
            [passage for passage in passages if (passage.lang, passage.slug) not in cut.unchanged],
            [concept for concept in listed if (concept.lang, concept.slug) not in cut.unchanged],
        )

    return side(previous.passages, previous.concepts.values()), side(cut.passages, concepts)
