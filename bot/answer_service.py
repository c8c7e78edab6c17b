"""Serving answers to many people at once: the model and the generation, off the event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from bot.answer import Answer, Question
from bot.answer_queue import AnswerQueue, BusyError, NotNowError
from bot.explainer import Explainer
from bot.logs.private_words import hide
from bot.terms import Terms
from bot.watching.observer import Observer, Result, Stage
from bot.watching.timed_search import TimedSearcher
from index.embedding import Encoder, ModelError, Vectors
from index.generation import Generation
from index.generation_store import GenerationStore
from index.serving_form import FAST
from index.vector_store import VectorsAwayError

_log = logging.getLogger(__name__)
# More than there are processors, so that questions that come together are compared with the passages together.
_THREADS = 4
# Vectors of texts that are looked at again and again, such as the gaps; some three megabytes.
_KNOWN = 2_000
T = TypeVar("T")
EncoderKey = tuple[str, tuple[tuple[str, str], ...]]


class NotReadyError(NotNowError):
    """No generation can be served yet."""


class SearchAwayError(NotNowError):
    """What keeps the vectors does not answer, and this question could not be answered without."""


class AnswerService:
    """The explainer over the generation that serves, replaced in one step when a new one is swapped in."""

    def __init__(
        self, state: Path, load_encoder: Callable[[Generation], Encoder], *, threshold: float, longest_wait: float = 0.0
    ) -> None:
        """Prepare; nothing is loaded before `start`.

        Args:
            state: the folder of generations.
            load_encoder: loads what embeds the questions of a generation; called in a thread, as it may take
                seconds, and only when a generation needs another one than the generation before.
            threshold: below this confidence the answer is that the library does not cover the question.
            longest_wait: nobody waits longer for a thread than about these seconds; 0 for no limit.
        """
        self._store = GenerationStore(state)
        self._load_encoder = load_encoder
        self._threshold = threshold
        self._encoder: tuple[EncoderKey, Encoder] | None = None
        self._explainer: Explainer | None = None
        self._known: dict[str, Vectors] = {}
        self.observer = Observer()
        self.queue = AnswerQueue(
            _THREADS, longest_wait, on_start=lambda seconds: self.observer.stage(Stage.QUEUE, seconds)
        )

    @property
    def ready(self) -> bool:
        """Whether questions can be answered."""
        return self._explainer is not None

    @property
    def generation(self) -> Generation:
        """The generation that serves.

        Raises:
            NotReadyError: there is none yet.
        """
        return self._current().generation

    @property
    def threshold(self) -> float:
        """The confidence below which a question counts as not covered."""
        return self._threshold

    async def reload(self) -> Generation | None:
        """Serve the generation that is current on disk; None when there is no good one (what serves stays)."""
        explainer = await asyncio.to_thread(self._open)
        if explainer is None:
            return None
        self._explainer = explainer
        name = explainer.generation.id
        _log.info("serving generation %s", name, extra={"generation": name})
        return explainer.generation

    async def explain(self, question: Question) -> Answer:
        """Answer a question.

        Raises:
            NotReadyError: there is no generation yet.
            BusyError: too many questions wait.
            SearchAwayError: the search is only half there, and found nothing sure.
        """
        return await self._answer(question, lambda explainer: explainer.explain(question))

    async def show(
        self, slug: str, question: Question, *, beside: str | None = None, whole: bool = False
    ) -> Answer | None:
        """Return a concept at the question's depth, perhaps the whole of it or with another `beside` it.

        None if the library does not have them (any more).

        Raises:
            NotReadyError: there is no generation yet.
            BusyError: too many questions wait.
        """
        return await self._answer(
            question, lambda explainer: explainer.show(slug, question, beside=beside, whole=whole)
        )

    def admit(self, question: Question) -> None:
        """Let a question in, and count it if there is no room.

        Raises:
            BusyError: too many questions wait.
        """
        try:
            self.queue.admit()
        except BusyError:
            self.observer.answered(Result.BUSY, question.level)
            raise

    async def terms_in(self, text: str, lang: str = "en") -> Terms:
        """Return the concepts that a text names.

        Raises:
            NotReadyError: there is no generation yet.
            BusyError: too many questions wait.
        """
        hide(text)
        finder = self._current().terms
        return await self.queue.run(lambda: finder.in_text(text, lang))

    async def terms_named(self, names: list[str], lang: str = "en") -> Terms:
        """Return the concepts that names stand for, slips of the pen allowed.

        Raises:
            NotReadyError: there is no generation yet.
            BusyError: too many questions wait.
        """
        hide(*names)
        finder = self._current().terms
        return await self.queue.run(lambda: finder.by_name(names, lang))

    async def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors (n, d) of short texts; questions get their turn in between.

        Raises:
            NotReadyError: there is no generation yet.
            BusyError: too many questions wait.
        """
        self._current()
        if self._encoder is None:
            raise NotReadyError("the model is not loaded yet")
        encoder = self._encoder[1]
        found: list[Vectors] = []
        for text in texts:
            vector = self._known.get(text)
            if vector is None:
                vector = await self.queue.run(partial(encoder.encode_query, text))
                if len(self._known) >= _KNOWN:
                    self._known.clear()
                self._known[text] = vector
            found.append(vector)
        return np.array(found, dtype=np.float32).reshape(len(found), encoder.dimension)

    @property
    def form(self) -> str:
        """What computes the vectors, as `/status` shows it; empty before the model is loaded."""
        if self._explainer is None:
            return ""
        serving = self.generation.manifest.serving
        name = f"onnxruntime, {serving.precision}" if serving.exported else "sentence-transformers"
        return f"{name} ({serving.reason})" if serving.reason else name

    def close(self) -> None:
        """Take no more questions, and send those away that wait; running answers end."""
        self.queue.close()

    async def _answer(self, question: Question, work: Callable[[Explainer], T]) -> T:
        """Work on a question in a thread; what became of it is counted here unless it was answered."""
        hide(question.text, *question.turns)
        try:
            explainer = self._current()
        except NotReadyError:
            self.observer.answered(Result.NOT_READY, question.level)
            raise

        def timed() -> T:
            with self.observer.timed(Stage.ANSWER):
                return work(explainer)

        try:
            return await self.queue.run(timed)
        except Exception as error:
            result = Result.BUSY if isinstance(error, BusyError) else Result.FAILED
            self.observer.answered(result, question.level)
            if isinstance(error, VectorsAwayError):
                raise SearchAwayError(str(error)) from error
            raise

    def _current(self) -> Explainer:
        if self._explainer is None:
            raise NotReadyError("the index is not ready yet")
        return self._explainer

    def _open(self) -> Explainer | None:
        generation = self._store.open_best()
        if generation is None:
            return None
        key = _encoder_key(generation)
        if self._encoder is None or self._encoder[0] != key:
            try:
                self._encoder = key, self._load_encoder(generation)
            except ModelError as error:
                _log.warning("generation %s cannot be served: %s", generation.id, error)
                return None
        searcher = TimedSearcher(generation, self._encoder[1], lambda: self.observer)
        return Explainer(searcher, threshold=self._threshold)


def _encoder_key(generation: Generation) -> EncoderKey:
    manifest = generation.manifest
    return manifest.model_checksum, tuple(sorted(item for item in manifest.files.items() if item[0].startswith(FAST)))
