"""Telling whether a page is still what it was."""

from __future__ import annotations

import hashlib

from index.generation import Concept, Generation

LENGTH = 6


def page_digest(generation: Generation, concept: Concept) -> str:
    """Return six characters that change with the words of a page, or of what it says about the works it cites."""
    rows = generation.rows_of_concept.get(concept.slug, ())
    # A passage's id holds a digest of its text.
    words = (generation.passages[row].id for row in rows if generation.passages[row].lang == concept.lang)
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:LENGTH]
