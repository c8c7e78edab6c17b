"""Who takes part, and the environments that other libraries are installed into."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = Path(__file__).with_name("contenders")
_ERROR_LINES = 5


@dataclass(frozen=True, slots=True)
class Contender:
    """A program of the course.

    Attributes:
        name: as the table shows it.
        program: its file in `contenders/`.
        packages: what it needs beside Fathom's own packages.
    """

    name: str
    program: str
    packages: tuple[str, ...] = ()


FATHOM = Contender("Fathom", "fathom")
BARE = Contender("model alone", "bare_model")
PLAIN = Contender("sentence-transformers + FAISS", "plain")
PEERS = (
    Contender("txtai", "txtai_peer", ("txtai==9.14.0",)),
    Contender("Chroma", "chroma_peer", ("chromadb==1.5.9",)),
    Contender("LangChain", "langchain_peer", ("langchain-community==0.4.2", "langchain-huggingface==1.2.3")),
    Contender("Haystack", "haystack_peer", ("haystack-ai==3.4.0", "sentence-transformers-haystack==2.0.0")),
)


class FieldError(Exception):
    """A contender that could not be installed or did not finish."""


def interpreter(contender: Contender, folder: Path) -> Path:
    """Return the interpreter that runs a contender, after installing what it needs.

    Its environment looks into Fathom's for what both need, so that all run the same torch, FAISS and
    sentence-transformers.

    Raises:
        FieldError: a package could not be installed.
    """
    if not contender.packages:
        return Path(sys.executable)
    environment = folder / "environments" / contender.program
    python = environment / "bin" / "python"
    done = environment / "installed.txt"
    if not done.is_file() or done.read_text(encoding="utf-8").split() != list(contender.packages):
        _call(sys.executable, "-m", "venv", environment)
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        shared = environment / "lib" / version / "site-packages" / "fathom.pth"
        shared.write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
        _call(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *contender.packages)
        done.write_text("\n".join(contender.packages), encoding="utf-8")
    return python


def _call(*command: object) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode:
        end = "\n".join((done.stderr or done.stdout).strip().splitlines()[-_ERROR_LINES:])
        raise FieldError(f"{' '.join(str(part) for part in command)}: {end}")
