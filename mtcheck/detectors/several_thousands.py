"""*Several thousands of people*: a plural numeral after a number word.

What it flags
    ``several thousands of people``, ``five millions roubles``, ``200 thousands``.

Why it reads as machine translation
    In Russian *тысяча* and *миллион* are nouns that take the plural after a number; in English they stay singular.

Example
    Several thousands of people came.

Better
    Several thousand people came.

Known limits
    *thousands of people* without a number, *tens of thousands* and *hundreds of millions* are good English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_PLURAL = re.compile(
    r"\b(?P<number>several|few|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|fifty|hundred|"
    r"(?<![\d.,$€£-])\d[\d.,]*) "
    r"(?P<wrong>(?P<unit>hundred|thousand|million|billion|trillion)s(?P<of> of)?)(?![\w-])(?! of)",
    re.I,
)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the plural, with *of* when a noun follows."""
    for match in _PLURAL.finditer(analysis.text):
        if match["number"].isdigit() and 1800 < int(match["number"]) < 2100:
            continue
        if match["unit"].lower() == "hundred" and not match["of"]:
            continue  # a score at cricket or darts
        after = analysis.text[match.end() :]
        if re.match(r" (?:the|these|those|them|us|his|her|its|their|our)\b", after):
            continue
        yield Flag(*match.span("wrong"), "singular after a number", (match["unit"],))


RULE = Rule(
    name="several-thousands",
    category="fluency/grammar",
    severity=Severity.MINOR,
    find=find,
    confidence=0.93,
    must_flag=(
        Example("Several thousands of people came.", "Several thousand people came."),
        Example("It cost five millions roubles.", "It cost five million roubles."),
        Example("About 200 thousands were left.", "About 200 thousand were left."),
    ),
    must_pass=("Thousands of people came.", "Tens of thousands came.", "Several thousand people came."),
)
