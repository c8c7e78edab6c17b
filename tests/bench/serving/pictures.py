"""The result as pictures, beside its JSON: what each contender takes, and what a crowd gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_OURS, _OTHERS = "#2b6cb0", "#a0aec0"


def draw(result: dict[str, Any], file: Path) -> None:
    """Draw a result into an SVG file; medians as bars and points, the spread of the rounds as lines."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "fathom"  # the same result is the same file
    from matplotlib import pyplot as plt

    contenders = result["contenders"]
    names = list(contenders)[::-1]
    measures = list(contenders[names[0]])
    figure, axes = plt.subplots(1, len(measures) + 1, figsize=(3.2 * (len(measures) + 1), 0.5 * len(names) + 1.6))
    for measure, axis in zip(measures, axes, strict=False):
        spreads = [contenders[name][measure] for name in names]
        axis.barh(
            names,
            [item["median"] for item in spreads],
            xerr=[
                [item["median"] - item["least"] for item in spreads],
                [item["most"] - item["median"] for item in spreads],
            ],
            color=[_OURS if name == "Fathom" else _OTHERS for name in names],
        )
        axis.set_title(measure)
        if axis is not axes[0]:
            axis.set_yticklabels([])
    crowds = result["crowds"]
    axes[-1].plot(list(crowds), [item["per second"]["median"] for item in crowds.values()], "o-", color=_OURS)
    axes[-1].set_ylim(bottom=0)
    axes[-1].set_title("answers a second")
    axes[-1].set_xlabel("askers at once")
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)
