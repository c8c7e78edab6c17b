"""An explainer for the terminal: makes sure that there is a current index, building it if need be."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.build_request import BuildRequest
from bot.config import Settings
from bot.explainer import Explainer
from bot.vectors import vector_store
from index.due import build_is_due
from index.embedding import find_model
from index.generation_store import GenerationStore
from index.model_memory import remembered_model
from index.search import Searcher
from index.serving_form import load_encoder

if TYPE_CHECKING:
    from index.build import BuildReport, Progress

_log = logging.getLogger(__name__)
_ON_DEMAND = BuildRequest()


class NoIndexError(Exception):
    """No index that can be served, and none could be built."""


def build(
    settings: Settings, on_progress: Callable[[Progress], None], request: BuildRequest = _ON_DEMAND
) -> BuildReport:
    """Build the index that the settings describe, and note it; does nothing when it is current."""
    # What builds, and the database, take half a second to import, and a question that needs no build needs neither.
    from bot.build_turn import build_turn_now
    from bot.deeds import By, note_build_now
    from bot.library_build import build_library

    with build_turn_now(settings):
        report = build_library(settings, request, on_progress=on_progress, threads=_build_threads())
    note_build_now(settings, report, By.COMMAND_LINE)
    return report


def open_explainer(settings: Settings, on_progress: Callable[[Progress], None]) -> Explainer:
    """Open the current index, after building it when it is missing, damaged or older than the content.

    What somebody went back to, and what was refused, is respected: see `index.due`.

    Raises:
        NoIndexError: there is none even after building.
    """
    model = find_model(settings.model.name, memory=remembered_model(settings.state.path))
    store = GenerationStore(settings.state.path)
    due = build_is_due(settings.state.path, settings.knowledge.path, model, vector_store(settings))
    generation = None if due else store.open_best()
    if generation is None or generation.id != store.current_name():
        from index.swap import BuildOutcome

        report = build(settings, on_progress)
        if report.outcome is BuildOutcome.REFUSED:
            _log.warning("the changed content was not taken over, as golden questions broke: see `python -m bot index`")
        generation = store.open_best()
    if generation is None:
        raise NoIndexError(f"{settings.state.path}: no usable index; see the messages above")
    return Explainer(Searcher(generation, load_encoder(generation, model)), threshold=settings.answers.threshold)


def _build_threads() -> int:
    return os.cpu_count() or 1
