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
    Says where it reads oddly, not why; and asks for more in an article that reads as edited. First words,
    capitalised words, numbers, hyphenated and rare words are left out.
    The table of expectation (``data/word_surprisal.tsv``) belongs to SmolLM2-135M.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from mtcheck.detectors.article_reading import unedited
from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag
from mtcheck.detectors.word_surprisal import EDGES, tails
from mtcheck.schema import Severity

# -ln of the chance that a run of human words is as surprising, from which on it is reported. Where the tagger
# has read the article, the threshold is that of raw translation or that of an edited text.
_THRESHOLD, _IN_RAW, _IN_EDITED = 7.5, 5.5, 9.0
_LONGEST = 4
_SURE = 9.0


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag the most surprising runs that do not overlap."""
    raw = unedited(article)
    threshold = _THRESHOLD if raw is None else _IN_RAW if raw >= 0.5 else _IN_EDITED
    for index, analysis in enumerate(article):
        for flag in _flags(analysis, threshold):
            yield index, flag


def _flags(analysis: Analysis, threshold: float) -> Iterator[Flag]:
    text = analysis.text
    for score, first, end in sorted(_runs(tails(analysis), threshold), key=lambda run: run[1]):
        start, stop = analysis.surprisal[first][0].start, analysis.surprisal[end - 1][0].end
        stop -= len(text[start:stop]) - len(text[start:stop].rstrip(EDGES))
        confidence = 0.9 if score >= _SURE else None
        yield Flag(
            start, stop, "reads oddly: a language model did not expect these common words here", confidence=confidence
        )


def _runs(odd: Sequence[float | None], threshold: float) -> list[tuple[float, int, int]]:
    """(score, first, end) of the best runs above the threshold, none overlapping another."""
    found = []
    for first in range(len(odd)):
        total = 0.0
        for end in range(first + 1, min(first + _LONGEST, len(odd)) + 1):
            value = odd[end - 1]
            if value is None:
                break
            total += value
            if (score := _run_tail(end - first, total)) >= threshold:
                found.append((score, first, end))
    kept: list[tuple[float, int, int]] = []
    for run in sorted(found, key=lambda run: (-run[0], run[1])):
        if all(run[2] <= other[1] or other[2] <= run[1] for other in kept):
            kept.append(run)
    return kept


def _run_tail(length: int, total: float) -> float:
    """-ln of the chance that ``length`` words reach this total: each tail is exponential, their sum is Erlang."""
    return total - math.log(sum(total**power / math.factorial(power) for power in range(length)))


RULE = DocumentRule(
    name="low-fluency",
    category="style/awkward",
    severity=Severity.MINOR,
    find_all=find_all,
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
