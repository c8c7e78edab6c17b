"""One immutable state of the index: a folder that is written aside, sealed, and never changed again."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from index.checksums import file_checksum
from index.concept_head import ConceptHead
from index.levels import Level
from index.lexical import LexicalIndex
from index.passage_table import PassageFormat, PassageTable
from index.serving_form import ServingForm
from index.vector_store import VectorIndex, open_vectors
from index.vocabulary import Vocabulary
from index.word_head import WordHead

if TYPE_CHECKING:
    from index.embedding import Vectors

FORMAT = 10
"""Raised whenever the files of a generation change their meaning; other formats are rebuilt, not read."""

MANIFEST = "manifest.json"
SEAL = "seal"
PASSAGES = "passages.jsonl"
CONCEPTS = "concepts.json"
PAGES = "pages.json"
SENTENCES = "sentences.npy"
SENTENCE_STARTS = "sentence_starts.npy"
LEXICAL = "lexical"
HEAD = "head.npy"


class GenerationError(Exception):
    """A generation that must not be served."""


class Counts(BaseModel):
    """How much a generation holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    concepts: int
    pages: int
    passages: int
    references: int
    sentences: int


class Manifest(BaseModel):
    """What a generation is: from what it was made, with which model, when, and the checksum of every file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    created: datetime
    content_hash: str
    model: str
    model_checksum: str
    dimension: int
    counts: Counts
    head: tuple[str, ...] = ()
    """The concepts that the head tells apart, in the order of its rows."""
    serving: ServingForm = ServingForm()
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class ConceptSource:
    """A work that a concept's page links to, with what the library's references say of it."""

    url: str
    title: str | None
    authors: tuple[str, ...] = ()
    year: int | None = None
    kind: str | None = None
    summarised: bool = False


@dataclass(frozen=True, slots=True)
class Concept:
    """A page without its prose: what is needed to name it, link it, and say where it came from."""

    slug: str
    lang: str
    title: str
    summary: str
    aliases: tuple[str, ...]
    tags: tuple[str, ...]
    requires: tuple[str, ...]
    related: tuple[str, ...]
    levels: tuple[Level, ...]
    sources: tuple[ConceptSource, ...]
    file: str


PASSAGE_LIST = PassageFormat()
CONCEPT_LIST = TypeAdapter(list[Concept])


class Generation:
    """A generation that was found whole, open for searching."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Load everything; use `GenerationStore.open`, which checks the folder first."""
        self.folder = folder
        self.manifest = manifest
        self.passages = PassageTable.open(folder / PASSAGES)
        concepts = CONCEPT_LIST.validate_json((folder / CONCEPTS).read_bytes())
        self.concepts: dict[tuple[str, str], Concept] = {(item.lang, item.slug): item for item in concepts}
        # Mapped: mostly, only the sentences of the passages that are shown are ever read.
        self._sentences: NDArray[np.float16] = mapped(folder / SENTENCES)
        self._starts: NDArray[np.int64] = np.load(folder / SENTENCE_STARTS, allow_pickle=False)
        self.lexical = LexicalIndex.load(folder / LEXICAL, len(self.passages))
        self._with_sentences = np.flatnonzero(np.diff(self._starts))
        # Safe to read only because its checksum stands in a manifest that this installation sealed.
        self._index: VectorIndex = open_vectors(folder)
        self.head = ConceptHead.load(folder / HEAD, manifest.head)
        self.word_head = WordHead.load(folder, manifest.head)
        self.vocabulary = Vocabulary.load(folder)
        self._check_shapes()

    @property
    def id(self) -> str:
        """The generation's name: when it was made and the beginning of its manifest's checksum."""
        return self.folder.name

    @cached_property
    def rows_of_concept(self) -> dict[str, list[int]]:
        """The positions of each concept's own passages, by slug, over all languages."""
        rows: dict[str, list[int]] = {}
        passages = self.passages
        shown = np.flatnonzero(~passages.asked)
        for row, concept in zip(shown.tolist(), passages.concepts[shown].tolist(), strict=True):
            rows.setdefault(passages.slugs[concept], []).append(row)
        return rows

    @cached_property
    def languages(self) -> frozenset[str]:
        """The languages that at least one page is written in."""
        return frozenset(lang for lang, _ in self.concepts)

    def concept(self, slug: str, lang: str = "en") -> Concept | None:
        """Return a concept in a language, else in English, else in any."""
        exact = self.concepts.get((lang, slug)) or self.concepts.get(("en", slug))
        return exact or next((concept for (_, key), concept in self.concepts.items() if key == slug), None)

    def similarities(self, queries: Vectors) -> NDArray[np.float32]:
        """Return the cosines of questions' vectors (q, d) with every passage (q, n).

        Raises:
            VectorsAwayError: the server that keeps the passages' vectors does not answer.
        """
        return self._index.similarities(queries)

    @property
    def vectors_away(self) -> bool:
        """Whether the server that keeps the passages' vectors did not answer when it was last asked."""
        return self._index.away

    @property
    def vectors(self) -> Vectors:
        """The vectors of all passages (n, d), in order."""
        return self._index.vectors(np.arange(len(self._index)))

    def sentence_vectors(self, row: int) -> Vectors:
        """Return the unit vectors (n, d) of a passage's sentences, in order."""
        return np.asarray(self._sentences[self._starts[row] : self._starts[row + 1]], dtype=np.float32)

    @cached_property
    def _sentence_columns(self) -> NDArray[np.float32]:
        """All sentences as columns (d, s), which a product with one question reads fastest."""
        return np.ascontiguousarray(self._sentences.T, dtype=np.float32)

    def best_sentences(self, queries: Vectors) -> NDArray[np.float32]:
        """Return for questions (q, d) and every passage the cosine of its best sentence (q, n); 0 without any."""
        best = np.zeros((len(queries), len(self.passages)), dtype=np.float32)
        if len(self._with_sentences):
            similarities = queries @ self._sentence_columns
            best[:, self._with_sentences] = np.maximum.reduceat(
                similarities, self._starts[:-1][self._with_sentences], axis=1
            )
        return best

    def _check_shapes(self) -> None:
        counts, dimension = self.manifest.counts, self.manifest.dimension
        sentences = self.passages.sentences
        agree = (
            len(self.passages) == len(self._index)
            and int((~self.passages.asked).sum()) == counts.passages
            and (self._index.dimension == dimension or not self.passages)
            and self._sentences.shape == (sentences, dimension)
            and self._starts.shape == (len(self.passages) + 1,)
            and int(self._starts[-1]) == sentences
        )
        if not agree:
            raise GenerationError(f"{self.folder}: its files do not belong together")


def mapped(file: Path) -> NDArray[np.float16]:
    """Return an array that lies in a file; an empty one cannot be mapped."""
    try:
        found: NDArray[np.float16] = np.load(file, mmap_mode="r", allow_pickle=False)
    except ValueError:
        found = np.load(file, allow_pickle=False)
    return found


def read_manifest(folder: Path, key: bytes) -> Manifest:
    """Read a generation's manifest, after checking that it was sealed by this installation.

    Raises:
        GenerationError: it is missing, changed, written elsewhere, or of another format.
    """
    try:
        data = (folder / MANIFEST).read_bytes()
        sealed = (folder / SEAL).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise GenerationError(f"{folder}: no readable manifest ({error})") from error
    if not hmac.compare_digest(seal(data, key), sealed) or not folder.name.endswith(checksum_of_manifest(data)):
        raise GenerationError(f"{folder}: the manifest was changed, or was not written by this installation")
    try:
        manifest = Manifest.model_validate_json(data)
    except ValidationError as error:
        raise GenerationError(f"{folder}: the manifest is of another format") from error
    if manifest.format != FORMAT:
        raise GenerationError(f"{folder}: format {manifest.format}, this version reads {FORMAT}")
    return manifest


def verify_files(folder: Path, manifest: Manifest) -> None:
    """Check every file of a generation against its manifest.

    Raises:
        GenerationError: a file is missing, truncated, changed, or not in the manifest.
    """
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    expected = set(manifest.files) | {MANIFEST, SEAL}
    if present != expected:
        names = ", ".join(sorted(present ^ expected)[:3])
        raise GenerationError(f"{folder}: missing or foreign files: {names}")
    for name, checksum in manifest.files.items():
        try:
            if file_checksum(folder / name) != checksum:
                raise GenerationError(f"{folder / name}: damaged (its checksum is not the manifest's)")
        except OSError as error:
            raise GenerationError(f"{folder / name}: cannot be read ({error.strerror})") from error


def seal(manifest: bytes, key: bytes) -> str:
    """Return what proves that a manifest was written by whoever holds the key."""
    return hmac.new(key, manifest, hashlib.sha256).hexdigest()


def checksum_of_manifest(manifest: bytes) -> str:
    """Return the part of a generation's name that comes from its manifest."""
    return hashlib.sha256(manifest).hexdigest()[:12]
