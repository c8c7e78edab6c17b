"""The child process of a rebuild that does not begin before a test lets it: before `go` lies in the state folder."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import cast

import bot.library_build
from bot.build_child import main
from index.embedding import SentenceTransformerEncoder
from tests.support.light_encoder import LIGHT_MODEL, LightEncoder

GO = "go"
_SECONDS = 300

if __name__ == "__main__":
    state = Path(json.loads(os.environ["FATHOM_SETTINGS_JSON"])["state"]["path"])
    end = time.monotonic() + _SECONDS
    while not (state / GO).exists() and time.monotonic() < end:
        time.sleep(0.05)
    bot.library_build.find_model = lambda _name: LIGHT_MODEL
    sys.exit(main(cast("type[SentenceTransformerEncoder]", lambda *_, **__: LightEncoder())))
