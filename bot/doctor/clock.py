"""The clock: Discord's is the one that counts, and a machine without the network may still be found out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

from bot.doctor.finding import Finding, error, ok, warning
from bot.doctor.patient import Patient
from index.generation_store import GenerationStore

_WHAT = "clock"
_REMEDY = "let the machine set its clock from the network: timedatectl set-ntp true"
# Discord tells the time to the second, and its answer takes some time as well.
_FAR, _TOO_FAR = 3.0, 60.0
_EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)


def check_clock(patient: Patient) -> Iterator[Finding]:
    """Yield how far this machine's clock is from Discord's, or whether it can be right at all."""
    side = patient.discord
    if side is not None and side.clock is not None:
        off = side.asked_at - side.clock.timestamp()
        said = f"{abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} Discord's"
        if abs(off) > _TOO_FAR:
            yield error(_WHAT, said, _REMEDY)
        elif abs(off) > _FAR:
            yield warning(_WHAT, said, _REMEDY)
        else:
            yield ok(_WHAT, "as Discord's, within three seconds")
        return
    now = datetime.fromtimestamp(time.time(), UTC)
    newest = next(iter(GenerationStore(patient.settings.state.path).names()), "")
    built = datetime.strptime(newest[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC) if newest else _EARLIEST
    if now < max(built, _EARLIEST):
        yield error(_WHAT, f"it is {now:%Y-%m-%d %H:%M} UTC here, before the index was built", _REMEDY)
    else:
        yield ok(_WHAT, f"{now:%Y-%m-%d %H:%M} UTC, which may be right; Discord was not asked")
