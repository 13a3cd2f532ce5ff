"""A phrase said over and over.

What it flags
    *the head of the head of the head of the company*; a run of four words or more that comes twice in a row.

Why it reads as machine translation
    A system that has lost its place repeats what it has just written.

Example
    It was opened by the head of the head of the head of the company.

Better
    It was opened by the head of the company.

Known limits
    Two or three words are flagged only when they come three times in a row. With a source that repeats itself as
    often, nothing is flagged. A word doubled by chance is the business of *doubled-word*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_LONGEST = 12
_PLAIN_WORDS = 4  # so many words are flagged when they come twice
_WORD = re.compile(r"[^\W_]+")
_END = re.compile(r"[.!?;]|[,:]\s*[“\"«]")


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the whole run, to be replaced by one of its phrases."""
    words = [word.lower for word in analysis.words]
    at = 0
    while at < len(words):
        size, times = _loop(words, at)
        if times and _repeats(analysis.segment.source or "") < times:
            first, last = analysis.words[at], analysis.words[at + size * times - 1]
            once = analysis.text[first.span.start : analysis.words[at + size - 1].span.end]
            message = f"“{once}” comes {times} times in a row"
            emphatic = (
                size < _PLAIN_WORDS and "," in analysis.text[first.span.start : last.span.end]
            )  # I love you, I love you
            if not emphatic and not _END.search(analysis.text, first.span.start, last.span.end):
                yield Flag(first.span.start, last.span.end, message, (once,))
            at += size * times
        else:
            at += 1


def _loop(words: list[str], at: int) -> tuple[int, int]:
    """Length and number of the longest repetition that starts here; (0, 0) when there is none worth a flag."""
    for size in range(min(_LONGEST, (len(words) - at) // 2), 1, -1):
        phrase, times = words[at : at + size], 1
        if len(set(phrase)) == 1:
            continue
        while words[at + size * times : at + size * (times + 1)] == phrase:
            times += 1
        if times >= (2 if size >= _PLAIN_WORDS else 3):
            return size, times
    return 0, 0


def _repeats(source: str) -> int:
    """How often the most repeated run of two words stands in the source."""
    words = [word.lower() for word in _WORD.findall(source)]
    runs = list(pairwise(words))
    return max(map(runs.count, runs), default=0)


RULE = Rule(
    name="repeated-phrase",
    category="fluency/duplication",
    severity=Severity.MAJOR,
    find=find,
    confidence=0.95,
    must_flag=(
        Example(
            "It was opened by the head of the head of the head of the company.",
            "It was opened by the head of the company.",
        ),
        Example("He said that he would come that he would come soon.", "He said that he would come soon."),
    ),
    must_pass=(
        "Again and again he came.",
        "He wrote: “I love you, I love you, I love you.”",
        "Day by day, day by day he came.",
        "“I will not go. I will not go.”",
        Example("We will win, we will win again.", source="Мы победим, мы победим снова."),
    ),
)
