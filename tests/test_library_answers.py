"""The shipped library: complete, and every page answers by each of its names at every depth."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answer import Question
from bot.explainer import Explainer
from index.embedding import Encoder
from index.generation_store import GenerationStore
from index.levels import Level
from index.library import read_library
from index.search import Searcher


@pytest.fixture(scope="module")
def explainer(library_state: Path, query_encoder: Encoder) -> Explainer:
    generation = GenerationStore(library_state).open_best()
    assert generation is not None
    return Explainer(Searcher(generation, query_encoder))


def test_every_concept_has_three_depths_and_three_works(library_content: Path) -> None:
    library = read_library(library_content)
    assert len(library.slugs) == 136
    cited = set()
    for page in library.pages.values():
        assert set(page.tiers) == set(Level), page.file
        references = [library.reference(source) for source in page.sources]
        assert all(references), page.file
        assert len(references) >= 3, page.file
        cited |= {reference.url for reference in references if reference}
    assert len(cited) >= 400


def test_the_concepts_are_those_of_the_list(library_content: Path, shared: Path) -> None:
    rows = [line.split("\t") for line in (shared / "library" / "concepts.tsv").read_text().splitlines()[1:]]
    library = read_library(library_content)
    assert {row[0] for row in rows} == library.slugs
    for slug, title, group, _ in rows:
        page = library.page(slug)
        assert page is not None
        assert (page.title, page.tags[0]) == (title, group)


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("form", ["{}", "what is {}"])
def test_every_page_answers_by_each_of_its_names(explainer: Explainer, level: Level, form: str) -> None:
    wrong = []
    for concept in explainer.generation.concepts.values():
        for name in (concept.title, *concept.aliases):
            answer = explainer.explain(Question(form.format(name), level))
            slug = answer.concept.slug if answer.concept else None
            if slug != concept.slug or answer.level is not level:
                wrong.append(f"{name}: {slug} ({answer.confidence:.2f}) for {concept.slug}")
    assert wrong == []
