"""A sentence far shorter or far longer than its Russian source.

What it flags
    A translation less than about half as long as the source, or more than twice as long.

Why it reads as machine translation
    A system that loses its thread drops half of a sentence, or goes on inventing one. What is left is often fluent.

Example
    The minister said so.

Better
    The minister said that the bridge over the river will be opened in the first days of September, as planned.

Known limits
    Lengths are compared in letters, with more tolerance for short sentences; sources under thirty letters are left
    alone. A drastic but right abridgement is flagged too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag
from mtcheck.detectors.source_facts import pairs
from mtcheck.schema import Severity

_SHORTEST = 30
# In human news translations (WMT newstest 2012-2019, 20,480 pairs) the logarithm of English letters per Russian letter
# has the mean below and a standard deviation of about _SPREAD + _SHORT / sqrt(letters); one pair in a thousand is
# _FAR_SHORTER deviations shorter.
_MEAN, _SPREAD, _SHORT = -0.03, 0.1, 0.75
_FAR_SHORTER, _FAR_LONGER = 3.8, 5.2  # abbreviations spelled out make a translation long


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag the last word of a short translation, the whole of a long one."""
    for pair in pairs(article):
        theirs, ours = _letters(pair.source), _letters(pair.text)
        if theirs < _SHORTEST or not ours:
            continue
        away = (math.log(ours / theirs) - _MEAN) / (_SPREAD + _SHORT / math.sqrt(theirs))
        if -_FAR_SHORTER < away < _FAR_LONGER:
            continue
        last = pair.analysis.words[-1].span
        message = f"much {'longer' if away > 0 else 'shorter'} than the source ({ours} letters for {theirs})"
        yield pair.place(Flag(last.start, last.end, message))


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


RULE = DocumentRule(
    name="length-unlike-source",
    category="accuracy/omission",
    severity=Severity.MAJOR,
    find_all=find_all,
    confidence=0.85,
    needs=("source",),
    must_flag=(
        Example(
            "The minister said so.",
            source="Министр сообщил, что мост через реку откроют в первых числах сентября, как и планировалось.",
        ),
        Example(
            "He came and went, and came and went, and came and went, and came and went again, until at last he came "
            "no more and nobody ever saw him there again.",
            source="Он приходил и уходил, и больше не придёт.",
        ),
    ),
    must_pass=(
        Example("He came back yesterday.", source="Он вернулся вчера."),
        Example("He was there.", source="Он присутствовал."),
    ),
)
