"""The child process of a rebuild: builds, and says how far it is as one JSON object a line."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from pydantic import TypeAdapter

from bot.config import Settings
from index.build import BuildBusyError, BuildError, BuildReport, Progress, build_generation
from index.embedding import ModelError, SentenceTransformerEncoder, find_model
from index.library import LibraryError

_LOW_PRIORITY = 10
_SECONDS_BETWEEN_NEWS = 0.5


def main(load: Callable[..., SentenceTransformerEncoder] = SentenceTransformerEncoder) -> int:
    """Build what the settings in the environment say; return the exit code."""
    settings = Settings.model_validate_json(os.environ["FATHOM_SETTINGS_JSON"])
    os.nice(_LOW_PRIORITY)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    last = 0.0

    def on_progress(progress: Progress) -> None:
        nonlocal last
        if progress.done == progress.total or time.monotonic() - last >= _SECONDS_BETWEEN_NEWS:
            last = time.monotonic()
            _say("progress", TypeAdapter(Progress).dump_python(progress, mode="json"))

    try:
        report = build_generation(
            settings.knowledge.path,
            settings.state.path,
            find_model(settings.model.name),
            keep=settings.state.keep_generations,
            on_progress=on_progress,
            load=load,
        )
    except BuildBusyError as error:
        _say("busy", str(error))
        return 3
    except (BuildError, LibraryError, ModelError, OSError) as error:
        _say("error", str(error))
        return 1
    _say("report", TypeAdapter(BuildReport).dump_python(report, mode="json"))
    return 0


def _end_with_parent() -> None:
    """End when standard input does: a build whose bot was killed would keep the lock from the next bot's."""
    with suppress(OSError):
        while os.read(sys.stdin.fileno(), 1024):
            pass
    os._exit(4)


def _say(kind: str, content: Any) -> None:
    sys.stdout.write(json.dumps({kind: content}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
