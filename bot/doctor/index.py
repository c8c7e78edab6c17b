"""The index: a generation that can serve, of this format, in step with the content."""

from __future__ import annotations

from collections.abc import Iterator

from bot.doctor.finding import Finding, error, ok, warning
from bot.doctor.patient import Patient
from index.due import build_is_due
from index.embedding import ModelError, find_model
from index.generation import FORMAT, GenerationError
from index.generation_store import GenerationStore
from index.library import LibraryError

_WHAT = "index"
_BUILD = "python -m bot index"


def check_index(patient: Patient) -> Iterator[Finding]:
    """Yield whether a good generation serves, and whether the content has changed since."""
    settings = patient.settings
    store = GenerationStore(settings.state.path)
    name = store.current_name()
    if name is None:
        later = "it is built at the first start; now, with: " + _BUILD
        yield warning(_WHAT, f"{settings.state.path}: no generation serves yet", later)
        return
    try:
        generation = store.open(name)
    except GenerationError as failure:
        yield error(_WHAT, str(failure), f"the bot serves the newest good one instead; build anew with: {_BUILD}")
        return
    counts = generation.manifest.counts
    yield ok(_WHAT, f"{name} is whole: {counts.concepts} concepts, {counts.passages} passages, format {FORMAT}")
    try:
        due = build_is_due(settings.state.path, settings.knowledge.path, find_model(settings.model.name))
    except LibraryError as failure:
        yield error("content", str(failure), "name the content folder under knowledge: in the settings")
    except ModelError:
        return  # the check of the model says so
    else:
        if due:
            yield warning("content", "changed since the index was built", f"/reindex, or: {_BUILD}")
        else:
            yield ok("content", f"{settings.knowledge.path}: in step with the index")
