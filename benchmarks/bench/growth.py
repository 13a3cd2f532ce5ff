"""How time grows with the length of an article and with the number of articles."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.bench.processes import Took, median, process
from benchmarks.bench.run import MTCHECK, Run
from benchmarks.bench.tables import Cell, Table
from benchmarks.bench.texts import article_of, words_of, write_articles

LENGTHS = (100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)
COUNTS = (10, 100, 1_000)
COMMANDS = {
    "check --fast": ("check", "--fast", "--no-cache"),
    "check": ("check", "--no-cache"),
    "review --fast": ("review", "--fast", "--no-cache"),
}
MOST_SECONDS = {"check --fast": 30, "check": 75, "review --fast": 45}
"""A longer article is left out when it would take longer than that, by what the one before took."""
LONG_ENOUGH = 5
"""Seconds after which a single run will do."""


def length(run: Run) -> Iterator[Table]:
    """Whole processes on articles of 100 to 100,000 words, and the straight line through them."""
    lengths = LENGTHS[:2] if run.quick else LENGTHS
    paths = {words: _article(run, words) for words in lengths}
    rows: list[tuple[Cell, ...]] = []
    lines: list[tuple[Cell, ...]] = []
    notes = [
        "times are medians of three where one takes under 5 s, else single runs; whole processes, models loaded anew"
    ]
    for name, command in COMMANDS.items():
        points: list[tuple[int, Took]] = []
        for words, path in paths.items():
            if points and points[-1][1].clock * words / points[-1][0] > run.some(MOST_SECONDS[name], 30):
                notes.append(f"{name}: left out from {words:,} words on, by what the article before took")
                break
            whole = (*MTCHECK, *command, str(path))
            took = process(whole)
            if took.clock < LONG_ENOUGH and not run.quick:
                took = median([took, process(whole), process(whole)])
            real = words_of(path.read_text(encoding="utf-8"))
            points.append((real, took))
            rows.append((name, real, took.clock, took.cpu, 1000 * took.clock / real, took.megabytes))
        lines.append((name, *fitted([(words, one.clock) for words, one in points]), points[-1][0]))
    yield Table(
        "growth",
        "Growth with the length of one article",
        ("command", "words", "seconds by the clock", "processor seconds", "ms a word", "peak MB"),
        tuple(rows),
        tuple(notes),
    )
    yield Table(
        "growth_fit",
        "The same as seconds = start + slope × words",
        (
            "command",
            "start, s",
            "slope, ms a word",
            "R²",
            "exponent between the two longest, start taken off",
            "longest, words",
        ),
        tuple(lines),
        ("least squares of relative errors, so that short articles count as much as long ones; exponent 1 is linear",),
    )


def _article(run: Run, words: int) -> Path:
    path = run.scratch / f"{words}.txt"
    path.write_text(article_of(words, run.data), encoding="utf-8")
    return path


def fitted(points: Sequence[tuple[int, float]]) -> tuple[float | None, float | None, float | None, float | None]:
    """Start in s, slope in ms a word, R², and the exponent of the two longest; None where there are too few points."""
    import numpy as np

    if len(points) < 2:
        return None, None, None, None
    words, seconds = np.array(points, float).T
    slope, start = np.polyfit(words, seconds, 1, w=1 / seconds)
    off = ((seconds - start - slope * words) / seconds) ** 2
    spread = ((seconds - np.average(seconds, weights=seconds**-2.0)) / seconds) ** 2
    above = seconds - start
    exponent = None
    if len(points) > 2 and min(above[-2:]) > 0:
        exponent = math.log(above[-1] / above[-2]) / math.log(words[-1] / words[-2])
    return float(start), float(1000 * slope), float(1 - off.sum() / spread.sum()), exponent


def count(run: Run) -> Iterator[Table]:
    """``check --fast`` of ten to a thousand articles by one process; reviews are in the table of articles."""
    rows = []
    for number in (2, 4) if run.quick else COUNTS:
        folder = run.scratch / f"articles-{number}"
        words = write_articles(run.data, number, folder)
        took = process((*MTCHECK, "check", "--fast", "--no-cache", "--jobs", "1", str(folder)))
        rows.append((number, words, took.clock, 1000 * took.clock / number, 1000 * took.clock / words, took.megabytes))
    yield Table(
        "growth_count",
        "Growth with the number of articles: `check --fast`, one process",
        ("articles", "words", "seconds by the clock", "ms an article", "ms a word", "peak MB"),
        tuple(rows),
    )
