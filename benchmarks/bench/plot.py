"""The two pictures: how time grows with an article, and where the time of a review goes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.bench.tables import Measured

FEW_PERCENT = 2


def draw(tables: Mapping[str, Measured], folder: Path) -> list[Path]:
    """SVG files of the tables that are there; none without matplotlib."""
    try:
        import matplotlib
    except ImportError:
        return []
    matplotlib.use("svg")
    matplotlib.rcParams.update(
        {"svg.fonttype": "none", "svg.hashsalt": "mtcheck", "font.size": 9, "axes.grid": True, "grid.alpha": 0.3}
    )
    drawn = []
    for name, picture in {"growth": _growth, "stages": _stages}.items():
        if name in tables:
            path = folder / f"{name}.svg"
            figure = picture(tables)
            figure.savefig(path, metadata={"Date": None}, bbox_inches="tight")
            drawn.append(path)
    return drawn


def _growth(tables: Mapping[str, Measured]) -> Any:
    """Seconds over words, both logarithmic, a line a command; the slope in the legend."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.5, 3.6))
    axes = figure.subplots()
    table = tables["growth"]
    for command in dict.fromkeys(row[0] for row in table.table.rows):
        points = [(row[1], row[2]) for row in table.table.rows if row[0] == command]
        slope = tables["growth_fit"].cell(str(command), "slope, ms a word") if "growth_fit" in tables else None
        label = f"{command}: {slope:.3g} ms a word" if isinstance(slope, float) else str(command)
        axes.plot(*zip(*points, strict=True), marker="o", label=label)
    axes.set(xscale="log", yscale="log", xlabel="words of the article", ylabel="seconds, whole process")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18))
    return figure


def _stages(tables: Mapping[str, Measured]) -> Any:
    """Shares of stage and part as one bar a run; what is under two percent everywhere is one piece."""
    from matplotlib import colormaps
    from matplotlib.figure import Figure

    table = tables["stages"].table
    runs = [at for at, name in enumerate(table.columns) if name.endswith(", %")]
    large = [row for row in table.rows if any(float(str(row[at])) >= FEW_PERCENT for at in runs)]
    small = [row for row in table.rows if row not in large]
    pieces = [(str(row[0]), [float(str(row[at])) for at in runs]) for row in large]
    pieces.append((f"each under {FEW_PERCENT} %", [sum(float(str(row[at])) for row in small) for at in runs]))
    figure = Figure(figsize=(7, 0.5 * len(runs) + 2.6))
    axes = figure.subplots()
    left = [0.0] * len(runs)
    names = [
        f"{table.columns[at].removesuffix(', %')} ({sum(float(str(row[at - 1])) for row in table.rows):.1f} s)"
        for at in runs
    ]
    for number, (label, shares) in enumerate(pieces):
        axes.barh(names, shares, left=left, label=label, color=colormaps["tab20"](number % 20))
        left = [before + share for before, share in zip(left, shares, strict=True)]
    axes.set(xlabel="% of the time by the clock", xlim=(0, 100))
    axes.invert_yaxis()
    axes.legend(ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.25), fontsize=8)
    return figure
