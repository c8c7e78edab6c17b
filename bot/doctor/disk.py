"""The state folder: can be written, and has room for the next rebuild."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator

from bot.doctor.finding import Finding, error, ok, warning
from bot.doctor.patient import Patient

_WHAT = "disk"
_LITTLE, _TOO_LITTLE = 500_000_000, 50_000_000


def check_disk(patient: Patient) -> Iterator[Finding]:
    """Yield whether the state folder, or the one that it will be made in, can be written."""
    folder = patient.settings.state.path
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"fathom")
        free = shutil.disk_usage(there).free
    except OSError as failure:
        remedy = (
            "without it nothing is remembered and nothing is rebuilt; see who owns it, and whether the disk is full"
        )
        yield error(_WHAT, f"{there}: cannot be written ({failure.strerror})", remedy)
        return
    said = f"{there}: can be written; {free / 1e9:.1f} GB free"
    remedy = f"make room: {folder / 'generations'} holds the last {patient.settings.state.keep_generations} generations"
    if free < _TOO_LITTLE:
        yield error(_WHAT, said, remedy)
    elif free < _LITTLE:
        yield warning(_WHAT, f"{said}, which a rebuild may fill", remedy)
    else:
        yield ok(_WHAT, said)
