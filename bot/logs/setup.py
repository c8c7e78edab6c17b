"""Beginning to log, to standard error, as the operator chose."""

from __future__ import annotations

import logging
import sys
from types import TracebackType

import discord

from bot.config import LogFormat
from bot.logs.formats import JsonLines, PrivateText
from bot.logs.redaction import Redaction, secrets_of_environment

_log = logging.getLogger(__name__)


def set_up_logs(form: LogFormat) -> None:
    """Log everything from INFO on; as JSON, whatever else would write to standard error is logged too."""
    redact = Redaction(secrets_of_environment())
    handler = logging.StreamHandler()
    if form is LogFormat.JSON:
        discord.utils.setup_logging(handler=handler, formatter=JsonLines(redact), level=logging.INFO, root=True)
        logging.captureWarnings(capture=True)
        sys.excepthook = _log_uncaught
        return
    discord.utils.setup_logging(handler=handler, level=logging.INFO, root=True)
    if handler.formatter is not None:
        handler.setFormatter(PrivateText(handler.formatter, redact))


def say_at_the_end(message: str) -> bool:
    """Log why the process ends, if the log is made of JSON lines; return whether it is."""
    if not any(isinstance(handler.formatter, JsonLines) for handler in logging.getLogger().handlers):
        return False
    _log.critical("%s", message)
    return True


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _log.critical("the bot ends with an error that nobody foresaw", exc_info=(kind, error, trace))
