"""Two determiners in a row, or an article before a pronoun.

What it flags
    ``the this``, ``the his car``, ``the 2004 year``, ``the them``.

Why it reads as machine translation
    A system that inserts articles by itself adds one where the text already
    has a word that English counts as a determiner.

Example
    In the 2004 year the this house was sold.

Better
    In 2004 this house was sold.

Known limits
    Titles (*The My Ask service*) pass because they are capitalised.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_PAIR = re.compile(
    r"\b(?P<first>[Tt]he|[Aa]n?) (?P<second>this|that|these|those|its|his|their|our|my|your|they|them|him|she|he|we)\b"
    r"(?![-'’])(?! (?:and|or) )"
)
_REVERSED = re.compile(
    r"\b(?P<first>his|its|their|our|my|your|[Tt]his|[Tt]hese|[Tt]hose) (?P<second>the|an)\b(?! (?:more|less))"
)
_YEAR = re.compile(r"\b[Tt]he (?P<year>(?:19|20)\d\d) year\b(?!-)(?! (?:of|in|and|or) )")
_MESSAGE = "two determiners cannot stand together"


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the pair and keep the more telling of the two."""
    text = analysis.text
    for match in _PAIR.finditer(text):
        kept = match.group("second")
        if text[: match.start()].endswith("-"):
            continue
        if kept in ("that", "he", "she") and text[match.end() : match.end() + 1] in ",.;":
            continue  # "that is the that, ..."
        yield Flag(*match.span(), _MESSAGE, (kept.capitalize() if match.start() == 0 else kept,))
    for match in _REVERSED.finditer(text):
        if match.group("first").lower() in ("his", "its", "their", "our", "my", "your"):
            yield Flag(*match.span(), _MESSAGE, (match.group("first"), match.group("second")))
    for match in _YEAR.finditer(text):
        yield Flag(*match.span(), "the word “year” is not written after the number of a year", (match.group("year"),))


RULE = Rule(
    name="doubled-determiner",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example("In the 2004 year the house was sold.", "In 2004 the house was sold."),
        Example("They saw the this house.", "They saw this house."),
        Example("The police found their the car.", "The police found their car."),
    ),
    must_pass=("The My Ask service is free.", "It was a this-and-that day.", "He gave him the car."),
    confidence=0.93,
)
