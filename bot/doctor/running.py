"""A bot that runs over this state folder: connected, gone, or stuck."""

from __future__ import annotations

import time
from collections.abc import Iterator

from bot.doctor.finding import Finding, ok, warning
from bot.doctor.patient import Patient

_WHAT = "running bot"
# As long as a health check waits for the next sign of life.
_FRESH_SECONDS = 90.0


def check_running(patient: Patient) -> Iterator[Finding]:
    """Yield how long ago each process gave a sign of life."""
    files = sorted(patient.settings.state.path.glob("alive*"))
    if not files:
        yield ok(_WHAT, "none is connected, or it was stopped as it should be")
    for file in files:
        try:
            seconds = time.time() - file.stat().st_mtime
        except OSError:
            continue
        if seconds < _FRESH_SECONDS:
            yield ok(_WHAT, f"connected {max(0.0, seconds):.0f} s ago")
        else:
            yield warning(
                _WHAT,
                f"its last sign of life is {seconds / 60:.0f} minutes old: it was killed, or has lost its connection",
                "look at its log for the last words, then start it again",
            )
