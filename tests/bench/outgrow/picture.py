"""The plot of `docs/outgrowing.md`: servers and processes, passages and where their vectors are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.outgrow.costs import Assumed, Costs
from tests.bench.outgrow.simulation import GOOD_P99, busy_hour, memory_mib, place

_PROCESSES = ((1, "#3E7CB1", "-"), (2, "#C9793A", "--"), (4, "#8A5FBF", ":"))


def draw(costs: Costs, assumed: Assumed, path: Path) -> None:
    """Write both plots as one picture."""
    from matplotlib.figure import Figure

    figure: Any = Figure(figsize=(9, 3.8), layout="constrained")
    left, right = figure.subplots(1, 2)
    servers = np.unique(np.geomspace(100, 10_000, 16).astype(int))
    here = place(costs.shipped, assumed, milvus=False)
    for processes, colour, style in _PROCESSES:
        loads = [busy_hour(int(count), processes, costs, assumed, costs.shipped, here) for count in servers]
        label = f"{processes} process{'es' if processes > 1 else ''}"
        # Where nobody asks in the burst there is nothing to draw.
        left.loglog(servers, [load.burst_p99 or np.nan for load in loads], color=colour, linestyle=style, label=label)
    left.axhline(GOOD_P99, color="grey", linewidth=0.8)
    left.text(servers[0], 1.06 * GOOD_P99, "good enough below", fontsize=8, color="grey", va="bottom")
    left.set(xlabel="servers", title="p99 of an answer in the burst, seconds")
    left.legend(frameon=False)
    passages = np.geomspace(20_000, 100_000_000, 20).astype(int)
    for milvus, name, colour, style in (
        (False, "vectors in process", "#3E7CB1", "-"),
        (True, "in Milvus", "#C9793A", "--"),
    ):
        held = []
        for count in passages:
            vectors = place(int(count), assumed, milvus=milvus)
            held.append(memory_mib(1_000, 1, int(count), costs, None if milvus else vectors) / 1024)
        right.loglog(passages, held, color=colour, linestyle=style, label=name)
    right.axhline(16, color="grey", linewidth=0.8)
    right.text(passages[0], 17, "a machine of 16 GiB", fontsize=8, color="grey", va="bottom")
    right.set(xlabel="passages", title="memory of one process, GiB")
    right.legend(frameon=False)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=110, metadata={"Software": None})
