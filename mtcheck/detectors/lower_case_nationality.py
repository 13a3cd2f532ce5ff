"""A nationality, a weekday or a month without its capital.

What it flags
    ``russian``, ``americans``, ``on monday``, ``in december``.

Why it reads as machine translation
    Russian writes adjectives of nationality, days and months in lower case.

Example
    On monday the russian delegation arrived.

Better
    On Monday the Russian delegation arrived.

Known limits
    Words with another meaning are left alone: *polish*, *turkey*, *march*, *may*; also *french fries*,
    *venetian blinds* and the like, and parts of addresses and hashtags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from mtcheck.detectors.lexicon import nationalities
from mtcheck.detectors.phrase_table import adjoining
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_DAYS_AND_MONTHS = (
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February April June July September October "
    "November December"
).split()
_COMMON_WORDS = frozenset("polish poles danish swiss chile tatar serb croat turks".split())
_COMMON_NOUNS_AFTER = frozenset(
    "fries fry toast press kiss window windows doors leave horn muffin muffins oven salad dressing bulldog shepherd "
    "shepherds roulette doll dolls ink terrier setter rug rugs cheese knot twist measles".split()
)

_ADDRESS = re.compile(r"[@/_]|[.-]\w")  # part of a host name or of a compound


@cache
def _capitals() -> dict[str, str]:
    names = [*nationalities(), *_DAYS_AND_MONTHS, "Arabic", "Hebrew", "Latvian", "Muscovite", "Muscovites"]
    return {name.lower(): name for name in names if name.lower() not in _COMMON_WORDS}


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the word."""
    capitals, text = _capitals(), analysis.text
    for index, word in enumerate(analysis.words):
        if word.text not in capitals:
            continue
        if adjoining(analysis, index) and analysis.words[index + 1].lower in _COMMON_NOUNS_AFTER:
            continue
        before = text[max(0, word.span.start - 1) : word.span.start]
        if before in tuple("@#/._-") or _ADDRESS.match(text, word.span.end):
            continue
        yield Flag(word.span.start, word.span.end, "English capitalises this word", (capitals[word.text],))


RULE = Rule(
    name="lower-case-nationality",
    category="fluency/spelling",
    severity=Severity.MINOR,
    find=find,
    applicability=Applicability.SAFE,
    confidence=0.97,
    must_flag=(
        Example("On monday the russian delegation arrived.", "On Monday the Russian delegation arrived."),
        Example("The americans left in december.", "The Americans left in December."),
    ),
    must_pass=(
        "On Monday the Russian delegation arrived.",
        "They polish the march and may eat turkey with french fries.",
        "See www.russian.example for more, or #ukrainian.",
    ),
)
