"""*In two-three years*: two neighbouring numbers where English says *or*.

What it flags
    ``in two-three years``, ``five-six people``, ``three-four times``.

Why it reads as machine translation
    *два-три года* joins numbers by a hyphen to say *about so many*; English says *two or three*.

Example
    It will be ready in two-three years.

Better
    It will be ready in two or three years.

Known limits
    Only numbers in words, up to ten, that follow each other; *five to seven* is proposed where one is left out
    between.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.phrase_table import like
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_JOINED = re.compile(
    rf"\b(?P<first>{'|'.join(_NUMBERS)})[-–](?P<second>{'|'.join(_NUMBERS)})(?= (?:years|months|weeks|days|hours|"
    rf"minutes|times|people|persons|thousand|million|billion|percent|degrees|meters|"
    r"kilometers|rubles|dollars|countries|cases|men|women|children|houses|cars|places|more|days)\b)",
    re.I,
)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the pair of numbers."""
    for match in _JOINED.finditer(analysis.text):
        step = _NUMBERS.index(match["second"].lower()) - _NUMBERS.index(match["first"].lower())
        if step in (1, 2):
            link = "or" if step == 1 else "to"
            better = f"{match['first'].lower()} {link} {match['second'].lower()}"
            yield Flag(*match.span(), "English says “two or three”", (like(match["first"], better),))


RULE = Rule(
    name="numerals-joined-by-hyphen",
    category="style/unidiomatic",
    severity=Severity.MINOR,
    find=find,
    applicability=Applicability.SAFE,
    must_flag=(
        Example("It will be ready in two-three years.", "It will be ready in two or three years."),
        Example("Five-seven people were there.", "Five to seven people were there."),
    ),
    must_pass=("A two-three defence won the game.", "They won by two-one.", "It takes two or three years."),
    confidence=0.95,
)
