"""A Russian preposition of place or time.

What it flags
    ``in this year``, ``on next week``, ``in the internet``, ``in the nearest time``.

Why it reads as machine translation
    *В* and *на* cover English *in*, *on*, *at* and no preposition at all; the system picks one.

Example
    In this year prices rose in the internet.

Better
    This year prices rose on the internet.

Known limits
    Only the phrases of the table are known; *on Twitter* and the like depend on the verb before.
"""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.detectors.phrase_table import find_phrases
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the phrase."""
    return find_phrases(analysis, "wrong_preposition_of_place_or_time.phrases.tsv")


RULE = Rule(
    name="wrong-preposition-of-place-or-time",
    category="style/unidiomatic",
    severity=Severity.MINOR,
    find=find,
    confidence=0.85,
    must_flag=(
        Example("In this year prices rose.", "This year prices rose."),
        Example("It happened in the entire country.", "It happened across the country."),
        Example("He wrote about it in Twitter.", "He wrote about it on Twitter."),
        Example("He said on the meeting that all was well.", "He said at the meeting that all was well."),
    ),
    must_pass=(
        "This year prices rose.",
        "On the level crossing a train stood.",
        "He bought shares in Twitter.",
        "The report on the meeting was long.",
    ),
)
