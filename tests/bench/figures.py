"""What every benchmark needs: figures with their spread, what a process holds in memory, and where results go."""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parents[2] / "docs" / "benchmarks"


def median_and_spread(values: Sequence[float], digits: int = 3) -> dict[str, float]:
    """Return the median of repeated measurements, and the least and the most of them."""
    return {
        "median": round(statistics.median(values), digits),
        "least": round(min(values), digits),
        "most": round(max(values), digits),
        "runs": len(values),
    }


def shown(figure: dict[str, float]) -> str:
    """Return a figure as it stands in a table: the median, and its spread in brackets."""
    return f"{figure['median']:g} ({figure['least']:g}-{figure['most']:g})"


def memory_mib() -> dict[str, float]:
    """Return what this process holds now and held at most, and what of it is its own rather than a mapped file's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    names = {"now": "VmRSS", "peak": "VmHWM", "own": "RssAnon"}
    return {key: round(int(re.findall(rf"{name}:\s+(\d+)", status)[0]) / 1024, 1) for key, name in names.items()}


def machine() -> dict[str, Any]:
    """Return what the figures were measured on, and how busy it was."""
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": next(iter(re.findall(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())), ""),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load average": [round(value, 1) for value in os.getloadavg()],
    }


def write_results(name: str, results: dict[str, Any]) -> Path:
    """Write a benchmark's results where the documentation keeps them."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{name}.json"
    path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return path
