"""Medians with their spread, and the table that is printed and kept in the docs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.bench.serving.field import BARE, FATHOM, PLAIN

Spread = dict[str, float]
"""Median, least and most of the rounds."""


def percentile(values: Sequence[float], share: float) -> float:
    """Return a percentile of some values."""
    return float(np.percentile(np.asarray(values), share))


def median_spread(values: Sequence[float]) -> Spread:
    """Return the median of the rounds, and between what they lay."""
    return {"median": float(np.median(values)), "least": min(values), "most": max(values)}


def table(result: dict[str, Any]) -> str:
    """Return the result as Markdown tables."""
    contenders = result["contenders"]
    ours, plain = contenders[FATHOM.name], contenders[PLAIN.name]
    measures = list(ours)
    lines = [
        f"| contender | {' | '.join(measures)} |",
        f"|---|{'---|' * len(measures)}",
        *(
            f"| {name} | {' | '.join(_cell(found[measure]) for measure in measures)} |"
            for name, found in contenders.items()
        ),
        "",
        f"Fathom against {PLAIN.name}: "
        + ", ".join(f"{measure} {ours[measure]['median'] / plain[measure]['median']:.2f}" for measure in measures)
        + ".",
    ]
    if BARE.name in contenders:
        share = ours["answer p50 ms"]["median"] / contenders[BARE.name]["answer p50 ms"]["median"]
        lines.append(f"Fathom against the model alone: answer p50 {share:.2f}.")
    busy = result["beside a busy core"]
    lines += [
        "Beside a process that burns a core: "
        + ", ".join(f"{name} {_cell(found)}" for name, found in busy.items())
        + ".",
        "",
        "| askers at once | answers a second | p99 ms | slowest ms |",
        "|---|---|---|---|",
        *(
            f"| {size} | {' | '.join(_cell(found[name]) for name in ('per second', 'p99 ms', 'slowest ms'))} |"
            for size, found in result["crowds"].items()
        ),
        "",
        f"Load average at the end: {result['load']:.1f}.",
        *(f"{name} did not take part: {reason}" for name, reason in result["failures"].items()),
    ]
    return "\n".join(lines) + "\n"


def _cell(spread: Spread) -> str:
    return f"{spread['median']:.3g} ({spread['least']:.3g}-{spread['most']:.3g})"
