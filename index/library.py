"""A whole content folder: every page in every language, and every reference."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from index.asked_questions import AskedQuestion, read_questions
from index.built_pages import BuiltPage, page_digest, without_prose
from index.page import Page, Source
from index.page_reader import MAX_PAGE_BYTES, read_page
from index.problems import Problems
from index.references import MAX_REFERENCES_BYTES, Reference, by_canonical_url, read_references
from index.urls import canonical_url

DEFAULT_LANGUAGE = "en"
REFERENCES_FOLDER = "references"
QUESTIONS_FOLDER = "questions"
_DATA_FOLDERS = frozenset({REFERENCES_FOLDER, QUESTIONS_FOLDER})
# Language codes that may name a folder or a suffix; any other two-letter folder is just a folder.
_LANGUAGES = frozenset(
    "ar bg bn ca cs da de el en eo es et eu fa fi fr gl he hi hr hu id it ja ko lt lv ms nb nl no pl pt ro ru "
    "sk sl sr sv th tr uk ur vi zh".split()
)
_SUFFIX = re.compile(r"^(?P<name>.+)\.(?P<lang>[a-z]{2})$")


class LibraryError(Exception):
    """A content folder that cannot be read at all."""


@dataclass(frozen=True, slots=True)
class Library:
    """The content as read.

    Pages stand by language and slug, references by canonical address, questions in the order of their files.

    Attributes:
        read: what to remember of each page file, refused ones too, by the file's path.
        outlines: the pages that were read before and are here without their prose (see `with_prose`).
    """

    root: Path
    pages: dict[tuple[str, str], Page]
    references: dict[str, Reference]
    questions: tuple[AskedQuestion, ...]
    problems: Problems
    content_hash: str
    read: dict[str, BuiltPage] = field(default_factory=dict)
    outlines: frozenset[tuple[str, str]] = frozenset()

    def page(self, slug: str, lang: str = DEFAULT_LANGUAGE) -> Page | None:
        """Return a concept's page in a language, else in English, else in any language."""
        exact = self.pages.get((lang, slug)) or self.pages.get((DEFAULT_LANGUAGE, slug))
        return exact or next((page for (_, key), page in self.pages.items() if key == slug), None)

    @property
    def slugs(self) -> set[str]:
        """Every concept, in whatever language it is written."""
        return {slug for _, slug in self.pages}

    def reference(self, source: Source) -> Reference | None:
        """Return the summary of a work that a page links to, if the library has one."""
        return self.references.get(canonical_url(source.url))


def read_library(root: Path, known: Mapping[str, BuiltPage] | None = None) -> Library:
    """Read a content folder; one bad file never stops the others.

    Args:
        root: the folder.
        known: pages that were read before, by their digest; they are not read again, and come without prose.

    Raises:
        LibraryError: the folder does not exist.
    """
    problems = Problems()
    pages: dict[tuple[str, str], Page] = {}
    references: list[Reference] = []
    questions: list[AskedQuestion] = []
    read: dict[str, BuiltPage] = {}
    outlines: set[tuple[str, str]] = set()
    digest = hashlib.sha256()
    for file in _all_files(root):
        if not file.isprintable():
            problems.error(ascii(file), 1, "the file's name holds what cannot be printed", "rename it, or its folder")
            continue
        data = _read_bytes(root / file, file, problems)
        if data is None:
            continue
        _add_to_digest(digest, file, data)
        if file.endswith(".md"):
            slug, lang = identity(PurePosixPath(file))
            mark = page_digest(data, file=file, slug=slug, lang=lang)
            built = known.get(mark) if known else None
            page = built.page if built else None
            if built is None:
                result = read_page(data, file=file, slug=slug, lang=lang)
                page = result.page
                built = BuiltPage(mark, without_prose(page) if page else None, tuple(result.problems))
            read[file] = built
            problems += built.problems
            if page is not None and _add_page(page, pages, problems) and page is built.page:
                outlines.add((lang, slug))
        elif REFERENCES_FOLDER in PurePosixPath(file).parts[:-1]:
            references += read_references(data, file=file, problems=problems)
        else:
            _, lang = identity(PurePosixPath(file))
            questions += read_questions(data, file=file, lang=lang, problems=problems)
    return Library(
        root,
        pages,
        by_canonical_url(references, problems),
        tuple(questions),
        problems,
        digest.hexdigest(),
        read,
        frozenset(outlines),
    )


def with_prose(library: Library, keys: Iterable[tuple[str, str]]) -> Library:
    """Return the library with the prose of some pages that it has without; all of it anew if a file has changed."""
    pages = dict(library.pages)
    wanted = library.outlines.intersection(keys)
    for lang, slug in wanted:
        file = pages[lang, slug].file
        data = _read_bytes(library.root / file, file, Problems()) or b""
        page = read_page(data, file=file, slug=slug, lang=lang).page
        if page is None or page_digest(data, file=file, slug=slug, lang=lang) != library.read[file].digest:
            return read_library(library.root)
        pages[lang, slug] = page
    return replace(library, pages=pages, outlines=library.outlines - wanted)


def content_hash(root: Path) -> str:
    """Return the hash of all content files, without reading them as pages: equal means nothing changed.

    Raises:
        LibraryError: the folder does not exist.
    """
    digest = hashlib.sha256()
    for file in content_files(root):
        data = _read_bytes(root / file, file, Problems())
        if data is not None:
            _add_to_digest(digest, file, data)
    return digest.hexdigest()


def content_files(root: Path) -> Iterator[str]:
    """Yield the paths of pages, references and questions, relative to the folder, in a fixed order.

    Section pages (`_index.md`), read-me files, hidden folders, links that lead out of the folder, and names
    that cannot be printed are passed over.
    """
    return (file for file in _all_files(root) if file.isprintable())


def _all_files(root: Path) -> Iterator[str]:
    if not root.is_dir():
        raise LibraryError(f"{root}: no such folder; name the content folder with --knowledge or `knowledge.path`")
    inside = root.resolve()
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if any(part.startswith(".") for part in relative.parts):
            continue
        if path.suffix == ".md":
            if path.name.startswith("_index.") or path.stem.casefold() == "readme":
                continue
        elif path.suffix not in {".yaml", ".yml"} or not _DATA_FOLDERS.intersection(relative.parts[:-1]):
            continue
        if _is_inside(path, inside):
            yield relative.as_posix()


def _is_inside(path: Path, root: Path) -> bool:
    """Say whether a path is a file that does not lie elsewhere; one that cannot be looked at is left to the reader."""
    try:
        return path.is_file() and path.resolve().is_relative_to(root)
    except OSError:
        return True


def identity(path: PurePosixPath) -> tuple[str, str]:
    """Return the slug and language that a page's path means.

    The language is a `name.de.md` suffix, else the nearest folder named like a language, else English. A
    Hugo page bundle (`name/index.md`) takes its folder's name.
    """
    stem, lang = path.stem, ""
    if (match := _SUFFIX.match(stem)) and match["lang"] in _LANGUAGES:
        stem, lang = match["name"], match["lang"]
    parents = list(path.parts[:-1])
    if stem == "index" and parents:
        stem = parents.pop()
    if not lang:
        lang = next((part.casefold() for part in reversed(parents) if part.casefold() in _LANGUAGES), DEFAULT_LANGUAGE)
    return stem.casefold(), lang


def _add_page(page: Page, pages: dict[tuple[str, str], Page], problems: Problems) -> bool:
    """Add a page, unless there is one for its concept; say whether it was added."""
    key = (page.lang, page.slug)
    if first := pages.get(key):
        problems.error(
            page.file,
            1,
            f"a second page for `{page.slug}` (first: {first.file})",
            "rename or delete one of them",
        )
        return False
    pages[key] = page
    return True


def _read_bytes(path: Path, file: str, problems: Problems) -> bytes | None:
    """Return a file's bytes, at most one more than the largest allowed (the readers refuse that size)."""
    try:
        with path.open("rb") as stream:
            return stream.read(max(MAX_PAGE_BYTES, MAX_REFERENCES_BYTES) + 1)
    except OSError as error:
        problems.error(file, 1, f"cannot be read: {error.strerror or error}", "check the file and its permissions")
        return None


def _add_to_digest(digest: hashlib._Hash, file: str, data: bytes) -> None:
    digest.update(f"{file}\0{len(data)}\0".encode())
    digest.update(data)
