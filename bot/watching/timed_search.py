"""The parts of a search, timed, without `index/` knowing that anyone looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.watching.observer import Observer, Stage
from index.embedding import Encoder, Vectors
from index.generation import Generation
from index.search import Searcher
from index.search_result import SearchResult

Watching = Callable[[], Observer]
"""Returns who watches now: watching may begin after the search was made."""


class TimedEncoder:
    """An encoder that says how long questions take."""

    def __init__(self, encoder: Encoder, watching: Watching) -> None:
        """Wrap an encoder."""
        self._encoder = encoder
        self._watching = watching

    @property
    def checksum(self) -> str:
        """Identify the model."""
        return self._encoder.checksum

    @property
    def dimension(self) -> int:
        """Length of the vectors."""
        return self._encoder.dimension

    def encode_query(self, query: str) -> Vectors:
        """Return the unit vector (d,) of a question."""
        with self._watching().timed(Stage.ENCODE):
            return self._encoder.encode_query(query)

    def encode_queries(self, queries: Sequence[str]) -> Vectors:
        """Return the unit vectors (n, d) of questions."""
        with self._watching().timed(Stage.ENCODE):
            return self._encoder.encode_queries(queries)


class TimedSearcher(Searcher):
    """A searcher that says how long each search takes, and the encoding within it."""

    def __init__(self, generation: Generation, encoder: Encoder, watching: Watching) -> None:
        """Prepare to search a generation with an encoder."""
        super().__init__(generation, TimedEncoder(encoder, watching))
        self._watching = watching

    def search(
        self,
        query: str,
        *,
        follow_up: str | None = None,
        lang: str = "en",
        without: frozenset[str] = frozenset(),
    ) -> SearchResult:
        """Rank concepts and passages for a question."""
        with self._watching().timed(Stage.SEARCH):
            return super().search(query, follow_up=follow_up, lang=lang, without=without)
