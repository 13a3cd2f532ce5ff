"""A rise or a fall measured with *on*, *for* or *in … times*, where English has *by* or no preposition.

What it flags
    ``grew for 0.9%``, ``decreased on 5 percent``, ``on 20 percent higher``, ``increased in 3 times``.

Why it reads as machine translation
    Russian says *вырос на 5%* and *вырос в 3 раза*; the system translates *на* and *в* by their first meaning.

Example
    Prices rose on 5 percent, and profits increased in 3 times.

Better
    Prices rose by 5 percent, and profits increased 3 times.

Known limits
    A period (*rose for 5 days*) or a date (*fell on 5 May*) is left alone: only percentages, points and
    multiples are measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_CHANGE = (
    r"grew(?: up)?|grows?|grown|growing|rose|rises?|risen|rising|increas(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)|"
    r"f[ae]ll(?:s|en|ing)?(?: down)?|dropp?(?:s|ed|ing)?|declin(?:e|es|ed|ing)|"
    r"jump(?:s|ed|ing)?(?: up)?|reduc(?:e|es|ed|ing)|"
    r"lower(?:s|ed|ing)?|rais(?:e|es|ed|ing)|shr[aiu]nk|plunged|soared|added|gained"
)
_BY = re.compile(
    rf"\b(?:{_CHANGE})(?: (?:immediately|almost|nearly|more than|about|only|already))?"
    r" (?P<wrong>on|for)(?= (?:about |almost |nearly |more than )?"
    r"[\d.,]+ ?(?:%|percents?\b|per cents?\b|percentage points?\b|points?\b))",
    re.I,
)
_COMPARED = re.compile(
    r"\b(?:is|are|was|were|be|been|became|costs?) (?P<wrong>on )"
    r"(?=[\d.,]+ ?(?:%|percent|per cent) (?:more|less|higher|lower|fewer|cheaper|better|worse)\b)",
    re.I,
)
_TIMES = re.compile(
    rf"\b(?:{_CHANGE}) (?P<wrong>(?:in|by) )(?=(?:[\d.,]+|two|three|four|five|ten|several) times\b)", re.I
)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the preposition."""
    for match in _BY.finditer(analysis.text):
        yield Flag(*match.span("wrong"), "English measures a change with “by”", ("by",))
    for match in _COMPARED.finditer(analysis.text):
        yield Flag(*match.span("wrong"), "no preposition before the measure of a comparison", ("",))
    for match in _TIMES.finditer(analysis.text):
        yield Flag(*match.span("wrong"), "no preposition before “times”", ("",))


RULE = Rule(
    name="change-without-by",
    category="fluency/grammar",
    severity=Severity.MINOR,
    find=find,
    confidence=0.95,
    must_flag=(
        Example("Prices rose on 5 percent.", "Prices rose by 5 percent."),
        Example("The index grew up for 0.9% today.", "The index grew up by 0.9% today."),
        Example("It is on 20 percent higher than before.", "It is 20 percent higher than before."),
        Example("Profits increased in 3 times.", "Profits increased 3 times."),
    ),
    must_pass=(
        "Prices rose for 5 days.",
        "The index fell on 5 May.",
        "Prices rose by 5 percent.",
        "He added on 5 March.",
    ),
)
