"""`python -m bot doctor` from its options to its exit code."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

from rich.console import Console

from bot.config import ConfigError, Settings, load_settings
from bot.doctor.discord_side import DiscordSilentError, TokenRefusedError, ask_discord
from bot.doctor.examination import examine
from bot.doctor.finding import Finding, Severity, error
from bot.doctor.patient import Patient
from bot.doctor.report import as_json, as_lines, print_table, summary
from bot.doctor.settings_file import check_settings
from bot.secrets import Secrets


def doctor(
    config: Path | None, knowledge: Path | None, state: Path | None, *, online: bool = False, as_data: bool = False
) -> int:
    """Check everything and print what was found; return 1 if anything is an error, else 0.

    Args:
        config: the settings file, or None.
        knowledge: the content folder, in place of the settings'.
        state: the state folder, in place of the settings'.
        online: ask Discord too.
        as_data: print JSON.
    """
    # What a library would log on the way stands in the findings, as far as it matters.
    logging.disable(logging.CRITICAL)
    findings: list[Finding] = []
    try:
        settings = load_settings(config, knowledge=knowledge, state=state)
        findings += check_settings(settings, config)
    except ConfigError as failure:
        findings.append(
            error("settings", str(failure), "mend the file; everything below was checked with the defaults")
        )
        settings = _defaults(knowledge, state)
    findings += examine(_patient(settings, online=online))
    _print(findings, as_data=as_data)
    return 1 if any(finding.severity is Severity.ERROR for finding in findings) else 0


def _patient(settings: Settings, *, online: bool) -> Patient:
    secret = Secrets().discord_token
    token = secret.get_secret_value().strip() if secret is not None else ""
    if not token or not online:
        return Patient(settings, token or None)
    try:
        return Patient(settings, token, online=True, discord=asyncio.run(ask_discord(token)))
    except TokenRefusedError as failure:
        return Patient(settings, token, online=True, silent=str(failure), refused=True)
    except DiscordSilentError as failure:
        return Patient(settings, token, online=True, silent=str(failure))


def _defaults(knowledge: Path | None, state: Path | None) -> Settings:
    plain = Settings()
    return plain.model_copy(
        update={
            "knowledge": plain.knowledge.model_copy(update={"path": knowledge or plain.knowledge.path}),
            "state": plain.state.model_copy(update={"path": state or plain.state.path}),
        }
    )


def _print(findings: list[Finding], *, as_data: bool) -> None:
    if as_data:
        sys.stdout.write(f"{as_json(findings)}\n")
    elif sys.stdout.isatty():
        print_table(findings, Console())
    else:
        sys.stdout.write(f"{as_lines(findings)}\n{summary(findings)}\n")
