"""A Russian set phrase translated word for word.

What it flags
    ``has a place to be``, ``leads to the fact that``, ``a row of countries``.

Why it reads as machine translation
    The words are English, the phrase is not: Russian *имеет место быть*, *приводит к тому, что*,
    *ряд стран* have fixed English counterparts.

Example
    A row of countries take under control their borders.

Better
    A number of countries take control of their borders.

Known limits
    Only the phrases of the table are known; the literal sense of a few (*the given question*) may be meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.detectors.phrase_table import find_phrases
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the phrase."""
    return find_phrases(analysis, "literal_idiom.phrases.tsv")


RULE = Rule(
    name="literal-idiom",
    category="style/unidiomatic",
    severity=Severity.MINOR,
    find=find,
    confidence=0.85,
    must_flag=(
        Example("A row of countries agreed.", "A number of countries agreed."),
        Example("This leads to the fact that prices rise.", "This means that prices rise."),
        Example("He took under control the city.", "He took control of the city."),
        Example("It is not excluded that he left.", "It is possible that he left."),
    ),
    must_pass=(
        "A row of houses burned.",
        "Tens of thousands came.",
        "He came to power.",
    ),
)
