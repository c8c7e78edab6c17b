"""The child process of a rebuild with an encoder that needs no model; everything else is the real one."""

from __future__ import annotations

import sys
from typing import cast

import bot.library_build
from bot.build_child import main
from index.embedding import SentenceTransformerEncoder
from tests.support.light_encoder import LIGHT_MODEL, LightEncoder

if __name__ == "__main__":
    bot.library_build.find_model = lambda _name: LIGHT_MODEL
    sys.exit(main(cast("type[SentenceTransformerEncoder]", lambda *_, **__: LightEncoder())))
