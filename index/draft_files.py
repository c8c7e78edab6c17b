"""Writing the rest of the next generation: passages, concepts, words, and what is learned from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.built_pages import BUILT_PAGES, BuiltPages
from index.checksums import file_checksum
from index.code_digest import code_digest
from index.concept_head import ConceptHead, can_learn, learn_head
from index.embedding import ModelFiles
from index.generation import (
    CONCEPT_LIST,
    CONCEPTS,
    FORMAT,
    HEAD,
    LEXICAL,
    PAGES,
    PASSAGE_LIST,
    PASSAGES,
    Concept,
    ConceptSource,
    Counts,
    Manifest,
)
from index.lexical import LexicalIndex, term, terms, words
from index.library import Library
from index.page import Page
from index.passages import Passage, PassageKind
from index.plain import plain_text
from index.previous import Previous, previous_words
from index.recut import Cut
from index.serving_form import ServingForm
from index.vector_store import VectorIndex
from index.vocabulary import Vocabulary
from index.word_head import learn_words
from index.word_rows import WordRows


def write_files(
    draft: Path, cut: Cut, concepts: Sequence[Concept], previous: Previous, index: VectorIndex
) -> ConceptHead | None:
    """Write all but the vectors, which are there already; return the head."""
    passages = cut.passages
    PASSAGE_LIST.write(draft / PASSAGES, passages)
    (draft / CONCEPTS).write_bytes(CONCEPT_LIST.dump_json(list(concepts)))
    (draft / PAGES).write_bytes(BUILT_PAGES.dump_json(BuiltPages(code_digest(), cut.pages)))
    spoken = _words(cut, previous)
    spoken.save(draft)
    own = spoken.mapped(term, [passage.lang for passage in passages])
    titled = _headings(passages, lambda passage: passage.title).extended_by(own)
    named = _headings(passages, lambda passage: f"{passage.title} {passage.work or ''}").extended_by(own)
    LexicalIndex.of(named).save(draft / LEXICAL)
    names = [name for concept in concepts for name in (concept.title, *concept.aliases)]
    Vocabulary.of(spoken, titled, names).save(draft)
    labels = [passage.slug for passage in passages]
    if not can_learn(len(labels), len(set(labels))):
        return None
    head = learn_head(index.vectors(np.arange(len(index))), labels)
    if head is not None:
        head.save(draft / HEAD)
    # Without the title, which every passage of a page shares.
    word_head = learn_words(own, labels)
    if word_head is not None:
        word_head.save(draft)
    return head


def describe(
    draft: Path, cut: Cut, model: ModelFiles, dimension: int, head: ConceptHead | None, serving: ServingForm
) -> Manifest:
    """Return the manifest of a draft whose files are all written."""
    passages, library = cut.passages, cut.library
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


def list_concepts(cut: Cut, previous: Previous) -> list[Concept]:
    """Return every page without its prose, in order."""
    return [
        previous.concepts[key] if key in cut.unchanged else _concept(page, cut.library)
        for key, page in sorted(cut.library.pages.items())
    ]


def _words(cut: Cut, previous: Previous) -> WordRows:
    """Return the words of all passages, those of unchanged pages as they were."""
    new = cut.new
    fresh = WordRows.of(words(plain_text(cut.passages[row].text)) for row in new.tolist())
    if not cut.unchanged:
        return fresh
    before = previous_words(previous)
    rows = cut.rows_before.copy()
    rows[new] = len(before) + np.arange(len(new))
    return before.take_with(fresh, rows)


def _headings(passages: Sequence[Passage], heading: Callable[[Passage], str]) -> WordRows:
    """Return the terms of what stands above each passage; none above a question, which stands alone."""
    known: dict[tuple[str, str], int] = {("", ""): 0}
    rows: NDArray[np.int64] = np.array(
        [
            known.setdefault((heading(passage), passage.lang) if passage.quotable else ("", ""), len(known))
            for passage in passages
        ],
        dtype=np.int64,
    )
    return WordRows.of(terms(text, lang) for text, lang in known).take(rows)


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
