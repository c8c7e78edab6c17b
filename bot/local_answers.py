"""An explainer for the terminal: makes sure that there is a current index, building it if need be."""

from __future__ import annotations

import os
from collections.abc import Callable

from bot.config import Settings
from bot.explainer import Explainer
from index.build import BuildReport, Progress, build_generation, is_current
from index.embedding import find_model
from index.generation_store import GenerationStore
from index.search import Searcher
from index.serving_form import load_encoder


class NoIndexError(Exception):
    """No index that can be served, and none could be built."""


def build(settings: Settings, on_progress: Callable[[Progress], None]) -> BuildReport:
    """Build the index that the settings describe; does nothing when it is current."""
    return build_generation(
        settings.knowledge.path,
        settings.state.path,
        find_model(settings.model.name),
        keep=settings.state.keep_generations,
        threads=_build_threads(),
        on_progress=on_progress,
    )


def open_explainer(settings: Settings, on_progress: Callable[[Progress], None]) -> Explainer:
    """Open the current index, after building it when it is missing, damaged or older than the content.

    Raises:
        NoIndexError: there is none even after building.
    """
    model = find_model(settings.model.name)
    store = GenerationStore(settings.state.path)
    generation = store.open_best() if is_current(store, settings.knowledge.path, model) else None
    if generation is None or generation.id != store.current_name():
        build_generation(
            settings.knowledge.path,
            settings.state.path,
            model,
            keep=settings.state.keep_generations,
            threads=_build_threads(),
            on_progress=on_progress,
        )
        generation = store.open_best()
    if generation is None:
        raise NoIndexError(f"{settings.state.path}: no usable index; see the messages above")
    return Explainer(Searcher(generation, load_encoder(generation, model)), threshold=settings.answers.threshold)


def _build_threads() -> int:
    return os.cpu_count() or 1
