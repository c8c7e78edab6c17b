"""Other retrieval libraries, each installed in an environment of its own and run as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.embedding import Vectors
from tests.bench.beir import BeirCollection
from tests.bench.peers.exchange import DOCUMENT_VECTORS, QUERY_VECTORS, TASK
from tests.bench.scoring import DEPTH, Run

PEERS = ("txtai_hybrid", "chroma_collection", "langchain_ensemble")
"""What each is, by the name of its program and of its list of pinned packages in `tests/bench/peers/`."""
_PROGRAMS = Path(__file__).with_name("peers")
_ERROR_LINES = 5


class PeerError(Exception):
    """A peer that could not be installed or did not finish; the message holds the end of what it said."""


@dataclass(frozen=True, slots=True)
class PeerResult:
    """A run of a peer, with the median milliseconds of a query once its vector is known."""

    run: Run
    milliseconds: float


def write_task(folder: Path, collection: BeirCollection, documents: Vectors, queries: Vectors) -> None:
    """Write what peers read: the texts, and the vectors of documents (n, d) and queries (m, d) in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    task = {
        "documents": {item.id: item.full_text for item in collection.documents},
        "queries": collection.queries,
        "depth": DEPTH,
    }
    (folder / TASK).write_text(json.dumps(task), encoding="utf-8")
    np.save(folder / DOCUMENT_VECTORS, documents)
    np.save(folder / QUERY_VECTORS, queries)


def run_peer(peer: str, task: Path, state: Path) -> dict[str, PeerResult]:
    """Run a peer on a task and return its results by system name, installing it first where that is needed.

    Raises:
        PeerError: it could not be installed, or it failed.
    """
    folder = state / peer
    python = _environment(folder, (_PROGRAMS / f"{peer}.txt"))
    out = folder / "results.json"
    out.unlink(missing_ok=True)
    _call(python, _PROGRAMS / f"{peer}.py", task, out)
    results = json.loads(out.read_text(encoding="utf-8"))
    return {name: PeerResult(item["run"], item["milliseconds"]) for name, item in results.items()}


def _environment(folder: Path, packages: Path) -> Path:
    """Return the interpreter of an environment that holds the packages of a list."""
    python = folder / "environment" / "bin" / "python"
    installed = folder / "installed.txt"
    wanted = packages.read_text(encoding="utf-8")
    if not installed.is_file() or installed.read_text(encoding="utf-8") != wanted:
        _call(sys.executable, "-m", "venv", python.parent.parent)
        _call(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", packages)
        installed.write_text(wanted, encoding="utf-8")
    return python


def _call(*command: object) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode:
        end = "\n".join((done.stderr or done.stdout).strip().splitlines()[-_ERROR_LINES:])
        raise PeerError(f"{' '.join(str(part) for part in command)}: {end}")
