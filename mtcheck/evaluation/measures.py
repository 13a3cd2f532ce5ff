"""Measures of flags against people's marks, each with its definition and a bootstrap interval over segments.

Everything is counted by segment, so that a resample is a weighted sum of counts (Koehn 2004). Matthews correlation
(MCC) is computed here from the four counts, in five lines, since it is wanted for a thousand resamples at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mtcheck.evaluation.texts import TARGET, Mark
from mtcheck.schema import Span

SEED = 12345
COUNTS = ("tp", "fp", "fn", "tn", "alarms", "right", "credit", "marks", "touched", "covered")
Array = NDArray[np.float64]
Totals = Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Metric:
    """A named function of the totals of :data:`COUNTS` (arrays of any one shape)."""

    name: str
    definition: str
    value: Callable[[Totals], Array]
    higher_is_better: bool = True


def _share(part: Array, whole: Array) -> Array:
    """part / whole, 0 where there is nothing."""
    result: Array = np.divide(part, whole, out=np.zeros_like(part, dtype=float), where=whole > 0)
    return result


def _harmonic(one: Array, other: Array) -> Array:
    return _share(2 * one * other, one + other)


def _mcc(t: Totals) -> Array:
    above = t["tp"] * t["tn"] - t["fp"] * t["fn"]
    below = (t["tp"] + t["fp"]) * (t["tp"] + t["fn"]) * (t["tn"] + t["fp"]) * (t["tn"] + t["fn"])
    return _share(above, np.sqrt(below))


def _precision(t: Totals) -> Array:
    return _share(t["tp"], t["tp"] + t["fp"])


def _recall(t: Totals) -> Array:
    return _share(t["tp"], t["tp"] + t["fn"])


def _words(t: Totals) -> Array:
    return t["tp"] + t["fp"] + t["fn"] + t["tn"]


WORD_METRICS = (
    Metric("word MCC", "Matthews correlation of flagged with marked words", _mcc),
    Metric("word precision", "marked share of the flagged words", _precision),
    Metric("word recall", "flagged share of the marked words", _recall),
    Metric("word F1", "harmonic mean of word precision and recall", lambda t: _harmonic(_precision(t), _recall(t))),
)
SPAN_METRICS = (
    Metric("flags right", "share of the flags that touch a mark", lambda t: _share(t["right"], t["alarms"])),
    Metric("marks touched", "share of the marks touched by a flag", lambda t: _share(t["touched"], t["marks"])),
    Metric(
        "partial F1",
        "harmonic mean of the marked share of each flag and the flagged share of each mark, in characters, "
        "averaged over all spans of the corpus (after MPP, micro, arXiv 2603.19921, without one-to-one matching)",
        lambda t: _harmonic(_share(t["credit"], t["alarms"]), _share(t["covered"], t["marks"])),
    ),
)
ALARM_METRICS = (
    Metric("alarms per 1,000 words", "flags per 1,000 words", lambda t: 1000 * _share(t["alarms"], _words(t)), False),
    Metric("words flagged", "flagged share of the words", lambda t: _share(t["fp"] + t["tp"], _words(t)), False),
)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The spans with those that overlap made one, in order: a reader is stopped once, however many rules agree."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and result[-1].overlaps(span):
            result[-1] = result[-1].hull(span)
        else:
            result.append(span)
    return result


def covered_share(span: Span, others: Sequence[Span]) -> float:
    """Share of a span's code points inside the others, which do not overlap each other; empty spans count as one."""
    inside = sum(max(0, min(span.end, other.end) - max(span.start, other.start)) for other in others)
    return min(1.0, inside / max(1, span.end - span.start))


def segment_counts(words: Sequence[Span], marks: Sequence[Mark], flags: Iterable[Span], *, all_marks: bool) -> Array:
    """The :data:`COUNTS` of one segment, shape (10,); unless ``all_marks``, only marks visible in the English count."""
    spans = joined(flags)
    wanted = [mark.span for mark in marks if all_marks or mark.visible == TARGET]
    truth = np.array([any(word.overlaps(span) for span in wanted) for word in words], dtype=bool)
    flagged = np.array([any(word.overlaps(span) for span in spans) for word in words], dtype=bool)
    cells = [truth & flagged, ~truth & flagged, truth & ~flagged, ~truth & ~flagged]
    return np.array(
        [
            *(cell.sum() for cell in cells),
            len(spans),
            sum(any(span.overlaps(mark) for mark in wanted) for span in spans),
            sum(covered_share(span, joined(wanted)) for span in spans),
            len(wanted),
            sum(any(mark.overlaps(span) for span in spans) for mark in wanted),
            sum(covered_share(mark, spans) for mark in wanted),
        ],
        dtype=float,
    )


def totals(counts: Array) -> Totals:
    """Columns of a (..., 10) array by name."""
    return {name: counts[..., i] for i, name in enumerate(COUNTS)}


def interval(metric: Metric, counts: Array, resamples: int) -> tuple[float, float, float]:
    """The metric over all segments (rows of ``counts``) and its bootstrap 95 % interval (percentiles 2.5 and 97.5).

    With 0 resamples the interval is the value itself.
    """
    value = float(metric.value(totals(counts.sum(axis=0, keepdims=True)))[0])
    if not resamples:
        return value, value, value
    size = len(counts)
    weights = np.random.default_rng(SEED).multinomial(size, np.full(size, 1 / size), size=resamples)
    low, high = np.percentile(metric.value(totals(weights @ counts)), [2.5, 97.5])
    return value, float(low), float(high)
