"""*In the evening on Saturday*: part of the day and day in Russian order.

What it flags
    ``in the evening on Saturday``, ``at night on Sunday``, ``on Monday in the morning``.

Why it reads as machine translation
    Russian names the part of the day in a phrase of its own (*вечером в субботу*); English makes one
    phrase of the two.

Example
    In the evening on Saturday they met.

Better
    On Saturday evening they met.

Known limits
    *late in the evening on Saturday* keeps its order. Dates (*in the morning of 5 May*) are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.phrase_table import like
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_PART_FIRST = re.compile(
    rf"\b(?:in the (?P<part>morning|afternoon|evening)|at (?P<night>night)),? (?:on|of) (?P<day>{_DAYS})(?!['’\w])",
    re.I,
)
_DAY_FIRST = re.compile(
    rf"\bon (?P<day>{_DAYS}) (?:in the (?P<part>morning|afternoon|evening)|at (?P<night>night))\b(?! of)", re.I
)
_ADVERB = re.compile(r"\b(?:late|early|later|earlier|o['’]clock|a\.?m\.?|p\.?m\.?|\d) $", re.I)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag both phrases, to become one."""
    for pattern in (_PART_FIRST, _DAY_FIRST):
        for match in pattern.finditer(analysis.text):
            if _ADVERB.search(analysis.text, max(0, match.start() - 12), match.start()):
                continue
            better = f"on {match['day'].capitalize()} {match['part'] or match['night']}"
            yield Flag(*match.span(), "English says “on Saturday evening”", (like(match.group().split()[0], better),))


RULE = Rule(
    name="evening-on-day",
    category="style/unidiomatic",
    severity=Severity.MINOR,
    find=find,
    applicability=Applicability.SAFE,
    confidence=0.95,
    must_flag=(
        Example("In the evening on Saturday they met.", "On Saturday evening they met."),
        Example("They met on Monday in the morning.", "They met on Monday morning."),
    ),
    must_pass=(
        "On Saturday evening they met.",
        "Late in the evening on Saturday they met.",
        "In the morning of 5 May it rained.",
    ),
)
