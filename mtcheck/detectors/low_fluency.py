"""Words that a language model of English did not expect at all, for words so common.

What it flags
    Short runs of ordinary words whose surprisal is far above what words of the same frequency have in human news:
    ``all of us joint forces is to deal``, ``nobody was torn to organize``.

Why it reads as machine translation
    Word order and word choice taken over from Russian make common words improbable where they stand. Rare
    words and names are improbable in any text, so they are judged by nothing and flagged never.

Example
    This measure should reduce the number who scored their pages people.

Better
    There is no ready wording: the alternatives come from the models.

Known limits
    Says where it reads oddly, not why. First words, capitalised words, numbers, hyphenated and rare words are left out.
    The table of expectation (``data/word_surprisal.tsv``) belongs to SmolLM2-135M.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache

from mtcheck.detectors.phrase_table import table_lines
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity, Span

_THRESHOLD = 7.5  # -ln of the chance that a run of human words is as surprising; chosen on the development articles
_LONGEST = 4
_COMMON = 3.0  # Zipf frequency (wordfreq) below which a word is not judged
_MOST_COMMON = 7.0
_EDGES = ".,;:!?\"“”‘’'()[]<>«»–—-…"
_MARKS = frozenset(':;!?"”’)]>»–—…')  # after a word these cost surprisal of their own
_OPENERS = "\"“‘'([«<"
_STEEPEST = 3.0  # nats of surprisal that make the tail e times thinner, at the least
_SURE = 9.0


def frequency_band(text: str, span: Span, position: int) -> int | None:
    """Half-Zipf band of a word by its frequency in English (wordfreq); None when the word should not be judged."""
    word = text[span.start : span.end]
    core = word.strip(_EDGES)
    tail_marks = word[len(word.rstrip(_EDGES)) :]
    if _MARKS & set(tail_marks):
        return None
    if position == 0 or not core.isalpha() or word[0] in _OPENERS or (core[0].isupper() and core != "I"):
        return None
    from wordfreq import zipf_frequency

    zipf = zipf_frequency(core.lower(), "en")
    return int(min(zipf, _MOST_COMMON) * 2) if zipf >= _COMMON else None


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


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the most surprising runs that do not overlap."""
    text = analysis.text
    odd: list[float | None] = []
    for position, (span, log_prob) in enumerate(analysis.surprisal):
        band = frequency_band(text, span, position)
        odd.append(None if band is None else tail(band, -log_prob))
    for score, first, end in sorted(_runs(odd), key=lambda run: run[1]):
        start, stop = analysis.surprisal[first][0].start, analysis.surprisal[end - 1][0].end
        stop -= len(text[start:stop]) - len(text[start:stop].rstrip(_EDGES))
        confidence = 0.9 if score >= _SURE else None
        yield Flag(
            start, stop, "reads oddly: a language model did not expect these common words here", confidence=confidence
        )


def _runs(odd: Sequence[float | None]) -> list[tuple[float, int, int]]:
    """(score, first, end) of the best runs above the threshold, none overlapping another."""
    found = []
    for first in range(len(odd)):
        total = 0.0
        for end in range(first + 1, min(first + _LONGEST, len(odd)) + 1):
            value = odd[end - 1]
            if value is None:
                break
            total += value
            if (score := _run_tail(end - first, total)) >= _THRESHOLD:
                found.append((score, first, end))
    kept: list[tuple[float, int, int]] = []
    for run in sorted(found, key=lambda run: (-run[0], run[1])):
        if all(run[2] <= other[1] or other[2] <= run[1] for other in kept):
            kept.append(run)
    return kept


def _run_tail(length: int, total: float) -> float:
    """-ln of the chance that ``length`` words reach this total: each tail is exponential, their sum is Erlang."""
    return total - math.log(sum(total**power / math.factorial(power) for power in range(length)))


RULE = Rule(
    name="low-fluency",
    category="style/awkward",
    severity=Severity.MINOR,
    find=find,
    must_flag=(
        Example("They said that the people of the city to boy was murdered four years.", None),
        Example("This measure should reduce the number who scored their pages people.", None),
    ),
    must_pass=(
        "The minister said on Tuesday that the talks would continue next week.",
        "He lives in a small house near the river with his wife and two children.",
    ),
    confidence=0.85,
    needs=("fluency",),
)
