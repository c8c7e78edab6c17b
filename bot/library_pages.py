"""The library's pages as a reader of one language has them."""

from __future__ import annotations

from bot.services import Services
from index.generation import Concept


def concepts_in(services: Services, lang: str) -> dict[str, Concept]:
    """Return the concepts by slug, each in a language where the library has it in that, else as `Generation.concept`.

    Raises:
        NotReadyError: there is no generation yet.
    """
    generation = services.answers.generation
    pages = {slug: generation.concept(slug, lang) for _, slug in generation.concepts}
    return {slug: page for slug, page in pages.items() if page is not None}
