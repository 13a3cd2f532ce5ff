"""A Russian compound with a hyphen that English does not write.

What it flags
    ``press-conference``, ``internet-site``, ``countries-participants``.

Why it reads as machine translation
    Russian joins a noun and its noun attribute with a hyphen (*пресс-конференция*, *интернет-сайт*,
    *страны-участницы*); the system keeps the hyphen and often the order.

Example
    At a press-conference the countries-members spoke.

Better
    At a press conference the member countries spoke.

Known limits
    Only the compounds of the table are known; hyphens that some newspapers write (*vice-president*) are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.detectors.phrase_table import find_phrases
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the compound."""
    return find_phrases(analysis, "calqued_hyphen.phrases.tsv")


RULE = Rule(
    name="calqued-hyphen",
    category="fluency/spelling",
    severity=Severity.MINOR,
    find=find,
    confidence=0.95,
    must_flag=(
        Example("At a press-conference he spoke.", "At a press conference he spoke."),
        Example("All countries-participants agreed.", "All participating countries agreed."),
    ),
    must_pass=(
        "At a press conference he spoke.",
        "The vice-president spoke.",
    ),
)
