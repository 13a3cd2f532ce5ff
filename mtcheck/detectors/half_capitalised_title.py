"""A title of office with only one of its words capitalised.

What it flags
    ``foreign Minister Sergey Lavrov``, ``the foreign Minister said``, ``vice President Joe Biden``.

Why it reads as machine translation
    The system knows *Minister* or *President* as a title but keeps the modifier in the lower case of
    the source. English capitalises the whole title before a name, and none of it elsewhere.

Example
    This was said by foreign Minister Sergey Lavrov.

Better
    This was said by Foreign Minister Sergey Lavrov.

Known limits
    *deputy Prime Minister* and *acting President*, which newspapers do write, are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.office_before_country_and_name import find as misplaced_countries
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_PORTFOLIOS = (
    "foreign|defen[cs]e|interior|finance|justice|education|health|energy|economy|economic development|economics|"
    "culture|agriculture|transport|sports?|labou?r|trade|industry|"
    "communications|emergencies|environment|internal affairs|"
    "foreign affairs|prime|first deputy prime"
)
_HALF = re.compile(
    rf"\b(?:(?:{_PORTFOLIOS}) Minister|vice (?:President|Premier|Chancellor|Admiral)|attorney General|"
    r"prosecutor General|(?:major|lieutenant|colonel|brigadier) General|lieutenant Colonel|"
    r"rear Admiral|secretary General|"
    r"general Secretary|general Prosecutor|state Secretary)\b(?!-)"
)
_REVERSE = re.compile(r"(?<=[a-z,] )(?:Prime|Foreign|Defen[cs]e|Interior|Finance) minister(?= [A-Z][a-z]+)")
_NAME_AFTER = re.compile(r"(?: of(?: the)? [A-Z]\w+(?: [A-Z]\w+)?)? [A-Z][a-z]+")


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the whole title."""
    text = analysis.text
    reordered = [range(flag.start, flag.end) for flag in misplaced_countries(analysis)]
    for match in _HALF.finditer(text):
        if any(match.start() in span for span in reordered):
            continue  # office-before-country-and-name mends both faults at once
        raised = " ".join(word[0].upper() + word[1:] for word in match.group().split())
        named = _NAME_AFTER.match(text, match.end())
        fixes = (raised,) if named else (match.group().lower(), raised)
        sure = Applicability.SAFE if named else Applicability.REVIEW
        yield Flag(*match.span(), "only part of the title is capitalised", fixes, sure)
    for match in _REVERSE.finditer(text):
        yield Flag(*match.span(), "only part of the title is capitalised", (match.group().title(),))


RULE = Rule(
    name="half-capitalised-title",
    category="fluency/spelling",
    severity=Severity.MINOR,
    find=find,
    confidence=0.97,
    must_flag=(
        Example(
            "This was said by foreign Minister Sergey Lavrov.",
            "This was said by Foreign Minister Sergey Lavrov.",
        ),
        Example("The foreign Minister of Russia said no.", "The foreign minister of Russia said no."),
        Example("He met Prime minister David Cameron.", "He met Prime Minister David Cameron."),
        Example("In Kiev vice President Joe Biden spoke.", "In Kiev Vice President Joe Biden spoke."),
    ),
    must_pass=(
        "Foreign Minister Sergey Lavrov spoke.",
        "The foreign minister spoke.",
        "The deputy Prime Minister spoke.",
        "Prime minister since 2010, he left.",
    ),
)
