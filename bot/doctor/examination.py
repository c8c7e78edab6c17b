"""All checks, one after another; one that fails itself spoils only its own line."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.doctor.clock import check_clock
from bot.doctor.database import check_database
from bot.doctor.disk import check_disk
from bot.doctor.extras import check_extras
from bot.doctor.finding import Finding, error
from bot.doctor.index import check_index
from bot.doctor.intents import check_intents
from bot.doctor.model import check_model
from bot.doctor.patient import Patient
from bot.doctor.permissions import check_permissions
from bot.doctor.running import check_running
from bot.doctor.token import check_token
from bot.doctor.versions import check_versions

Check = Callable[[Patient], Iterator[Finding]]
CHECKS: dict[str, Check] = {
    "token": check_token,
    "intents": check_intents,
    "permissions": check_permissions,
    "model": check_model,
    "index": check_index,
    "database": check_database,
    "disk": check_disk,
    "clock": check_clock,
    "versions": check_versions,
    "extras": check_extras,
    "running bot": check_running,
}


def examine(patient: Patient, checks: dict[str, Check] = CHECKS) -> Iterator[Finding]:
    """Yield what every check finds."""
    for name, check in checks.items():
        try:
            yield from check(patient)
        except Exception as failure:  # noqa: BLE001  # whatever is broken, the rest is still worth knowing
            cause = f"{type(failure).__name__}: {failure}"
            yield error(name, f"could not be checked ({cause})", "this is a fault of the bot; please report it")
