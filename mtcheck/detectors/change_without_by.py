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
    A period (*rose for 5 days*) or a date (*fell on 5 May*) is left alone: only percentages, points, money, degrees
    and multiples are measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_CHANGE = (
    r"grew(?: up)?|grows?|grown|growing|rose|rises?|risen|rising|increas(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)|"
    r"f[ae]ll(?:s|en|ing)?(?: down)?|dropp?(?:s|ed|ing)?|declin(?:e|es|ed|ing)|jump(?:s|ed|ing)?(?: up)?|"
    r"reduc(?:e|es|ed|ing)|lower(?:s|ed|ing)?|rais(?:e|es|ed|ing)|shr[aiu]nk|plunged|soared|added|gained|"
    r"strengthen(?:s|ed|ing)?|weaken(?:s|ed|ing)?|exceed(?:s|ed)|slowed(?: down)?|cut"
)
_UNIT = (
    r"(?:%|(?:percents?|per cents?|percentage points?|points?|kopecks|cents|rubles|roubles|dollars|euros|"
    r"degrees|times|(?:thousand|million|billion) (?:rubles|roubles|dollars|euros|tons|tonnes|barrels|people)|"
    r"people|tons|tonnes|barrels)\b)"
)
_BY = re.compile(
    rf"\b(?:{_CHANGE})(?: (?:immediately|almost|nearly|more than|about|only|already))? (?P<wrong>on|"
    rf"for)(?= (?:about |almost |nearly |more than )?"
    rf"[\d.,]+(?:[–-][\d.,]+)? ?{_UNIT})",
    re.I,
)
# «снижение ставки на 0,5 пункта», «евро - на 30 копеек»
_NOUN = re.compile(
    r"\b(?:growth|rise|increase|decrease|reduction|decline|fall|drop|strengthening|weakening|cut|"
    r"cutting)(?: (?:of|in) (?:the |a )?(?:[\w’'-]+ ){0,2}?[\w’'-]+)? (?P<wrong>on|for)"
    rf"(?= (?:about |almost |nearly |more than )?[\d.,]+(?:[–-][\d.,]+)? ?{_UNIT})",
    re.I,
)
_DASH = re.compile(rf" [–—-] (?P<wrong>on)(?= [\d.,]+ ?{_UNIT}(?:[,.;]| to\b))")
_COMPARED = re.compile(
    r"\b(?:is|are|was|were|be|been|became|costs?) (?P<wrong>on )(?=[\d.,]+(?:[–-][\d.,]+)? ?(?:%|(?:percent|"
    r"per cent|degrees|points|rubles|roubles|dollars|kopecks|times|percentage points|years|meters|"
    r"kilometers)\b) (?:more|less|higher|lower|fewer|cheaper|better|worse|below|above|warmer|colder|"
    r"older|younger|longer|shorter|wider|deeper)\b)",
    re.I,
)
_TIMES = re.compile(
    rf"\b(?:{_CHANGE}) (?P<wrong>(?:in|by) )(?=(?:[\d.,]+|two|three|four|five|ten|several) times\b)", re.I
)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the preposition."""
    for pattern in (_BY, _NOUN, _DASH):
        for match in pattern.finditer(analysis.text):
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
        Example(
            "The dollar fell on 45 kopecks, the euro - on 30 kopecks.",
            "The dollar fell by 45 kopecks, the euro - by 30 kopecks.",
        ),
        Example(
            "They expect a decrease of the rate on 0.5 points.", "They expect a decrease of the rate by 0.5 points."
        ),
        Example("It will be on 4-6 degrees below normal.", "It will be 4-6 degrees below normal."),
    ),
    must_pass=(
        "Prices rose for 5 days.",
        "The index fell on 5 May.",
        "Prices rose by 5 percent.",
        "He added on 5 March.",
    ),
)
