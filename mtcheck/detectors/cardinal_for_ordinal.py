"""A bare number where English counts with an ordinal: *the 200 anniversary*.

What it flags
    ``the 200 anniversary``, ``his 70 birthday``, ``the 21 century``, ``in the 11 round of``, ``on the 25 minute``.

Why it reads as machine translation
    Russian writes *200-летие*, *21 век* and *11-й тур*; the ending that makes the number an ordinal gets lost.

Example
    The exhibition marks the 200 anniversary of his birth.

Better
    The exhibition marks the 200th anniversary of his birth.

Known limits
    Only nouns that are always counted so, after *the* or a possessive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_CARDINAL = re.compile(
    r"\b(?:the|his|her|its|their|our|my|[\w]+['’]s) (?P<number>\d{1,3})(?:[–-](?:й|го|ый|"
    r"ой))?(?= (?:anniversary|birthday|century|session of|round of|minute of the (?:match|game|meeting)|"
    r"place in the|parallel|floor\b|day of the))"
)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the number."""
    for match in _CARDINAL.finditer(analysis.text):
        start = match.start("number")
        number = match["number"]
        yield Flag(start, match.end(), "English counts here with an ordinal", (number + _ending(int(number)),))


def _ending(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


RULE = Rule(
    name="cardinal-for-ordinal",
    category="fluency/grammar",
    severity=Severity.MINOR,
    find=find,
    applicability=Applicability.SAFE,
    must_flag=(
        Example("They mark the 200 anniversary of his birth.", "They mark the 200th anniversary of his birth."),
        Example("He celebrated his 71 birthday.", "He celebrated his 71st birthday."),
        Example("It is the 11 round of the championship.", "It is the 11th round of the championship."),
    ),
    must_pass=(
        "They mark the 200th anniversary of his birth.",
        "The 20 round tables were sold.",
        "He has had 71 birthdays.",
    ),
    confidence=0.95,
)
