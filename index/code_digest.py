"""What the pages of a library were read and cut with: this code, and the libraries that it does so by."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

_LIBRARIES = ("markdown-it-py", "PyYAML", "PyStemmer")


@cache
def code_digest() -> str:
    """Return what changes whenever another version of this package could read the same page differently."""
    digest = hashlib.sha256("\n".join(f"{name} {version(name)}" for name in _LIBRARIES).encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(f"\0{file.name}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()
