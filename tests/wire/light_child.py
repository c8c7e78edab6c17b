"""The child process of a rebuild with the encoder that needs no model."""

import sys
from typing import Any

from bot.build_child import main
from index.embedding import ModelFiles
from tests.support.light_encoder import LightEncoder


def load(files: ModelFiles, **_: Any) -> Any:
    return LightEncoder(files.checksum)


if __name__ == "__main__":
    sys.exit(main(load))
