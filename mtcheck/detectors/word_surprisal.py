"""How much more surprising a word is to a language model than words of its frequency are in human news."""

from __future__ import annotations

import math
from functools import cache

from mtcheck.detectors.phrase_table import table_lines
from mtcheck.detectors.rule import Analysis
from mtcheck.schema import Span
from mtcheck.word_frequency import zipf

COMMON = 3.0  # Zipf frequency (wordfreq) below which a word is not judged
_MOST_COMMON = 7.0
EDGES = ".,;:!?\"“”‘’'()[]<>«»–—-…"
_MARKS = frozenset(':;!?"”’)]>»–—…')  # after a word these cost surprisal of their own
_OPENERS = "\"“‘'([«<"
_STEEPEST = 3.0  # nats of surprisal that make the tail e times thinner, at the least


def frequency_band(text: str, span: Span, position: int) -> int | None:
    """Half-Zipf band of a word by its frequency in English (wordfreq); None when the word should not be judged."""
    word = text[span.start : span.end]
    core = word.strip(EDGES)
    tail_marks = word[len(word.rstrip(EDGES)) :]
    if _MARKS & set(tail_marks):
        return None
    if position == 0 or not core.isalpha() or word[0] in _OPENERS or (core[0].isupper() and core != "I"):
        return None
    commonness = zipf(core)
    return int(min(commonness, _MOST_COMMON) * 2) if commonness >= COMMON else None


@cache
def expectation() -> dict[int, tuple[tuple[float, float], ...]]:
    """For each band, points (surprisal in nats, -ln of the share of human words at least as surprising), rising."""
    points: dict[int, list[tuple[float, float]]] = {}
    for band, share, surprisal, _ in table_lines("word_surprisal.tsv"):
        if band != "band":
            points.setdefault(int(band), []).append((float(surprisal), -math.log(float(share))))
    return {band: tuple(sorted(found)) for band, found in points.items()}


def tail(band: int, surprisal: float) -> float:
    """-ln of the share of human words of this band with at least this surprisal: 0 ordinary, 7 one in 1,100."""
    points = expectation().get(band)
    if not points:
        return 0.0
    low = (0.0, 0.0)
    for high in points:
        if surprisal <= high[0]:
            return low[1] + (high[1] - low[1]) * (surprisal - low[0]) / max(high[0] - low[0], 1e-9)
        low = high
    # beyond the last point the tail goes on as an exponential, no steeper than its last stretch
    slope = (points[-1][1] - points[-3][1]) / max(points[-1][0] - points[-3][0], 1e-9)
    return low[1] + min(slope, 1 / _STEEPEST) * (surprisal - low[0])


def tails(analysis: Analysis) -> list[float | None]:
    """:func:`tail` of every word of ``analysis.surprisal``; None for words that should not be judged."""
    values: list[float | None] = []
    for position, (span, log_prob) in enumerate(analysis.surprisal):
        band = frequency_band(analysis.text, span, position)
        values.append(None if band is None else tail(band, -log_prob))
    return values
