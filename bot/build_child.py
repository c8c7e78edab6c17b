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

from bot.build_request import BuildRequest
from bot.config import Settings
from bot.content_pull import PullError
from bot.extras import MissingExtraError
from bot.library_build import build_library
from index.build import BuildBusyError, BuildError, BuildReport, Progress
from index.embedding import ModelError, SentenceTransformerEncoder
from index.library import LibraryError

_LOW_PRIORITY = 10
_SECONDS_BETWEEN_NEWS = 0.5


def main(load: Callable[..., SentenceTransformerEncoder] = SentenceTransformerEncoder) -> int:
    """Build what the settings and the request in the environment say; return the exit code."""
    settings = Settings.model_validate_json(os.environ["FATHOM_SETTINGS_JSON"])
    request = TypeAdapter(BuildRequest).validate_json(os.environ["FATHOM_REQUEST_JSON"])
    os.nice(_LOW_PRIORITY)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    last = 0.0

    def on_progress(progress: Progress) -> None:
        nonlocal last
        if progress.done == progress.total or time.monotonic() - last >= _SECONDS_BETWEEN_NEWS:
            last = time.monotonic()
            _say("progress", TypeAdapter(Progress).dump_python(progress, mode="json"))

    try:
        report = build_library(settings, request, on_progress=on_progress, load=load)
    except BuildBusyError as error:
        _say("busy", str(error))
        return 3
    except PullError as error:
        _say("error", f"the remote could not be pulled, so nothing was built: {error}")
        return 1
    except (BuildError, LibraryError, ModelError, MissingExtraError, OSError) as error:
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
