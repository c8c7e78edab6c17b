"""The embedding model: there, and the one it should be."""

from __future__ import annotations

from collections.abc import Iterator

from bot.doctor.finding import Finding, error, ok
from bot.doctor.patient import Patient
from index.embedding import DEFAULT_MODEL, ModelError, find_model

_WHAT = "model"


def check_model(patient: Patient) -> Iterator[Finding]:
    """Yield whether the model is found, and its checksum."""
    name = patient.settings.model.name
    try:
        model = find_model(name)
    except ModelError as failure:
        yield error(_WHAT, str(failure), "do what the message says, or name another under model: in the settings")
        return
    checked = "its weights are the published ones" if name == DEFAULT_MODEL else "a model of your own"
    yield ok(_WHAT, f"{name}: {checked} (checksum {model.checksum[:12]})")
