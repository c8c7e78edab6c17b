"""Building the next generation, beside the one that serves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from index.changes import Changes, compare
from index.checksums import file_checksum
from index.concept_head import ConceptHead, learn_head
from index.dense_index import DenseIndex
from index.embedding import Embedded, ModelFiles, SentenceTransformerEncoder, Vectors
from index.embedding_cache import EmbeddingCache, cache_key
from index.generation import (
    CONCEPT_LIST,
    CONCEPTS,
    FORMAT,
    HEAD,
    LEXICAL,
    PASSAGE_LIST,
    PASSAGES,
    SENTENCE_STARTS,
    SENTENCES,
    VECTORS,
    Concept,
    ConceptSource,
    Counts,
    GenerationError,
    Manifest,
    verify_files,
)
from index.generation_diff import GenerationDiff
from index.generation_store import GenerationStore
from index.golden import GoldenReport
from index.lexical import LexicalIndex, terms
from index.library import Library, content_hash, read_library
from index.page import Page
from index.passages import Passage, PassageKind, cut_library
from index.plain import plain_text
from index.problems import Problem
from index.serving_form import ServingForm, choose_form
from index.swap import SWAP_FREELY, BuildOutcome, SwapRules
from index.vocabulary import Vocabulary
from index.word_head import learn_words

_CHUNK = 256
# The cache may hold this many times the library before what the library no longer uses is forgotten.
_CACHE_SLACK = 4


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


def is_current(store: GenerationStore, knowledge: Path, model: ModelFiles) -> bool:
    """Say whether the generation that serves was built from this content with this model.

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
    return manifest.content_hash == content_hash(knowledge) and manifest.model_checksum == model.checksum


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

    Raises:
        BuildBusyError: another build is running.
        BuildError: not one page could be read.
        LibraryError: the content folder does not exist.
        ModelError: the model cannot be loaded.
    """
    started = time.monotonic()
    state.mkdir(parents=True, exist_ok=True)
    with _only_build(state):
        store = GenerationStore(state)
        on_progress(Progress("reading", 0, 0))
        library = read_library(knowledge)
        problems = tuple(sorted(library.problems))
        if not library.pages:
            first = f" (first problem: {problems[0]})" if problems else ""
            raise BuildError(f"{knowledge}: no page could be read{first}; what serves now is kept")
        previous_name, before = _previous(store)
        if is_current(store, knowledge, model) and (name := _whole(store)):
            counts = store.manifest(name).counts
            seconds = time.monotonic() - started
            unchanged = compare(before, before)
            return BuildReport(name, name, False, counts, unchanged, 0, seconds, problems, BuildOutcome.UNCHANGED)
        encoder = load(model, threads=threads)
        passages = list(cut_library(library, count_tokens=encoder.count_tokens, window=encoder.window))
        draft = store.new_draft()
        with EmbeddingCache(state / "embeddings.sqlite") as cache:
            embedded, head, index = _write_vectors(draft, passages, encoder, cache, threads, on_progress)
        serving = choose_form(draft, state / "models", encoder, passages, index)
        on_progress(Progress("writing", len(passages), len(passages)))
        manifest = _write_rest(draft, library, passages, model, encoder.dimension, head, serving)
        verdict = rules.judge(store, draft, manifest, encoder, library)
        if verdict.swap:
            name = store.publish(draft, manifest)
            store.prune(keep)
        else:
            store.discard(draft)
            name = previous_name or ""
        verdict.settle(state, name)
        return BuildReport(
            generation=name,
            previous=previous_name,
            swapped=verdict.swap,
            counts=manifest.counts,
            changes=compare(before, passages),
            embedded=embedded,
            seconds=time.monotonic() - started,
            problems=tuple(sorted([*problems, *verdict.problems])),
            outcome=verdict.outcome,
            diff=verdict.diff,
            golden=verdict.golden,
        )


@contextmanager
def _only_build(state: Path) -> Iterator[None]:
    lock = FileLock(state / "build.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise BuildBusyError("another build is running; wait for it to end") from error
    except OSError as error:
        raise BuildError(f"{state}: cannot be written to ({error.strerror}); what serves now is kept") from error
    try:
        yield
    finally:
        lock.release()


def _whole(store: GenerationStore) -> str | None:
    """Return the name of the generation that serves, if all its files are as they were written."""
    name = store.current_name()
    if name is None:
        return None
    try:
        verify_files(store.folder / name, store.manifest(name))
    except GenerationError:
        return None
    return name


def _previous(store: GenerationStore) -> tuple[str | None, list[Passage]]:
    name = store.current_name()
    if name is None:
        return None, []
    try:
        store.manifest(name)
        return name, PASSAGE_LIST.validate_json((store.folder / name / PASSAGES).read_bytes())
    except (GenerationError, OSError, ValueError):
        return None, []


def _write_vectors(
    draft: Path,
    passages: list[Passage],
    encoder: SentenceTransformerEncoder,
    cache: EmbeddingCache,
    threads: int,
    on_progress: OnProgress,
) -> tuple[int, ConceptHead | None, DenseIndex]:
    """Write the vectors of passages and sentences.

    Returns how many passages had to be embedded, the head, and the vectors.
    """
    starts = [0]
    sentences: list[NDArray[np.float16]] = []
    keys: list[bytes] = []
    new = 0

    def chunks() -> Iterator[Vectors]:
        nonlocal new
        for start in range(0, len(passages), _CHUNK):
            texts = [passage.embedding_text() for passage in passages[start : start + _CHUNK]]
            chunk_keys = [cache_key(encoder.checksum, words, spans) for words, spans in texts]
            known = cache.get(chunk_keys)
            missing = {key: text for key, text in zip(chunk_keys, texts, strict=True) if key not in known}
            done = start + len(known)

            def on_encoded(count: int, done: int = done) -> None:
                on_progress(Progress("embedding", done + count, len(passages)))

            vectors = encoder.encode_passages(list(missing.values()), on_encoded=on_encoded)
            fresh: list[tuple[bytes, Embedded]] = list(zip(missing, vectors, strict=True))
            cache.put(fresh)
            known.update(fresh)
            new += len(fresh)
            for key in chunk_keys:
                starts.append(starts[-1] + len(known[key].sentences))
                sentences.append(known[key].sentences.astype(np.float16))
            keys.extend(chunk_keys)
            on_progress(Progress("embedding", start + len(chunk_keys), len(passages)))
            yield np.stack([known[key].vector for key in chunk_keys])

    # FAISS and torch share their threads: what one is allowed, the other gets.
    index = DenseIndex.build(chunks(), len(passages), encoder.dimension, threads=threads)
    if len(cache) > _CACHE_SLACK * len(passages):
        cache.keep_only(keys)
    index.save(draft / VECTORS)
    np.save(draft / SENTENCES, np.concatenate(sentences), allow_pickle=False)
    np.save(draft / SENTENCE_STARTS, np.array(starts, dtype=np.int64), allow_pickle=False)
    head = learn_head(index.vectors(np.arange(len(index))), [passage.slug for passage in passages])
    if head is not None:
        head.save(draft / HEAD)
    return new, head, index


def _write_rest(
    draft: Path,
    library: Library,
    passages: list[Passage],
    model: ModelFiles,
    dimension: int,
    head: ConceptHead | None,
    serving: ServingForm,
) -> Manifest:
    concepts = [_concept(page, library) for _, page in sorted(library.pages.items())]
    (draft / PASSAGES).write_bytes(PASSAGE_LIST.dump_json(passages))
    (draft / CONCEPTS).write_bytes(CONCEPT_LIST.dump_json(concepts))
    texts = [terms(_lexical_text(passage), passage.lang) for passage in passages]
    LexicalIndex.build(texts).save(draft / LEXICAL)
    names = [name for concept in concepts for name in (concept.title, *concept.aliases)]
    Vocabulary.of(passages, names).save(draft)
    # Without the title, which every passage of a page shares.
    own_words = [terms(plain_text(passage.text), passage.lang) for passage in passages]
    words = learn_words(own_words, [passage.slug for passage in passages])
    if words is not None:
        words.save(draft)
    files = {
        path.relative_to(draft).as_posix(): file_checksum(path) for path in sorted(draft.rglob("*")) if path.is_file()
    }
    return Manifest(
        format=FORMAT,
        created=datetime.now(UTC),
        content_hash=library.content_hash,
        model=model.name,
        model_checksum=model.checksum,
        dimension=dimension,
        counts=Counts(
            concepts=len(library.slugs),
            pages=len(library.pages),
            passages=sum(passage.quotable for passage in passages),
            references=len({passage.url for passage in passages if passage.kind is PassageKind.REFERENCE}),
            sentences=sum(len(passage.sentences) for passage in passages),
        ),
        head=head.slugs if head else (),
        serving=serving,
        files=files,
    )


def _lexical_text(passage: Passage) -> str:
    about = f"{passage.title} {passage.work or ''} " if passage.quotable else ""
    return about + plain_text(passage.text)


def _concept(page: Page, library: Library) -> Concept:
    sources: list[ConceptSource] = []
    for source in page.sources:
        reference = library.reference(source)
        if reference is None:
            sources.append(ConceptSource(source.url, source.title))
        else:
            sources.append(
                ConceptSource(
                    url=source.url,
                    title=source.title or reference.title,
                    authors=reference.authors,
                    year=reference.year,
                    kind=reference.kind.value,
                    summarised=bool(reference.summary),
                )
            )
    return Concept(
        slug=page.slug,
        lang=page.lang,
        title=page.title,
        summary=page.summary,
        aliases=page.aliases,
        tags=page.tags,
        requires=page.requires,
        related=page.related,
        levels=tuple(level for level in page.tiers),
        sources=tuple(sources),
        file=page.file,
    )
