"""How a line of the log looks: text for people, JSON for machines."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from bot.logs.redaction import Redaction

# What every record has; everything else was added by whoever logged it.
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


class PrivateText(logging.Formatter):
    """Another formatter's lines, redacted."""

    def __init__(self, formatter: logging.Formatter, redact: Redaction) -> None:
        """Wrap a formatter."""
        super().__init__()
        self._formatter = formatter
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with its traceback if there is one."""
        return self._redact(self._formatter.format(record))


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, further fields, and an exception if there is one."""

    def __init__(self, redact: Redaction) -> None:
        """Write what the redaction lets through."""
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._redact(record.getMessage()),
        }
        line |= {key: self._plain(value) for key, value in vars(record).items() if key not in _USUAL | line.keys()}
        if record.exc_info and (error := record.exc_info[1]) is not None:
            line["exception"] = {
                "type": type(error).__qualname__,
                "message": self._redact(str(error)),
                "traceback": self._redact("".join(traceback.format_exception(error))),
            }
        if record.stack_info:
            line["stack"] = self._redact(record.stack_info)
        return json.dumps(line, ensure_ascii=False)

    def _plain(self, value: Any) -> Any:
        """Return a field as JSON can hold it."""
        return value if value is None or isinstance(value, bool | int | float) else self._redact(str(value))
