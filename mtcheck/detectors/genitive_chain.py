"""Three or more *of* phrases, one inside the other.

What it flags
    ``the head of the department of the ministry of defence of the republic``.

Why it reads as machine translation
    Russian strings genitives together; English breaks the chain with a possessive, a noun before the noun, or a verb.

Example
    The decision of the head of the administration of the city was met with silence.

Better
    The decision by the head of the city administration was met with silence.

Known limits
    Names of institutions are often chains in Russian and stay chains in official English. *Hundreds of thousands of*
    and verbs with *of* (*accused of*) do not count. There is no ready wording: which link to
    break is a matter of taste.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_SECOND_WORD = r"(?!(?:of|and|in|is|was|to|for|on|that|with)\b)[\w’'-]+"
_LINK = rf"of (?:(?:the|a|an|its|his|her|their|this|that) )?(?!the\b)[\w’'-]+(?: {_SECOND_WORD})?"
_CHAIN = re.compile(rf"(?<![\w’'-])(?P<head>(?:[Tt]he |[Aa]n? )?[\w’'-]++)(?P<links>(?: {_LINK}){{3,}})")
_NOT_A_LINK = re.compile(
    r"\b(?:hundreds|thousands?|tens|dozens|millions|billions|one|two|three|four|five|some|many|most|all|each|half|part|"
    r"number|lots?|couple|kinds?|sorts?|types?|terms?|accused|convicted|guilty|suspected|aware|capable|out|because|"
    r"instead|"
    r"ahead|consists?|consisting|members?|end|beginning|rest|percent|per cent|majority|pair|series|proud|full|"
    r"think|made|"
    r"speak|speaks|spoke|spoken|top|front|favou?r|side|behalf|course|spite|least|case|amount"
    r"|lack|sense|cost|minister|post|position|point|round|season|chief|board|advises?|accuses?|relieved?s?) of\b",
    re.I,
)
_OFFICIAL_NAME = re.compile(r"\b[A-Z][\w’'-]+ of (?:the )?(?=[A-Z])|\d+ of ")


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the chain from its head to its last link."""
    for match in _CHAIN.finditer(analysis.text):
        chain = match.group()
        links = chain.count(" of ") - len(_NOT_A_LINK.findall(chain)) - len(_OFFICIAL_NAME.findall(chain))
        if links >= 3:
            yield Flag(*match.span(), f"{links} “of” phrases in a row: break the chain")


RULE = Rule(
    name="genitive-chain",
    category="style/awkward",
    severity=Severity.MINOR,
    find=find,
    must_flag=(Example("The decision of the head of the administration of the city was met with silence.", None),),
    must_pass=(
        "He was accused of the theft of millions of dollars of the bank.",
        "The head of the city administration spoke.",
        "The end of the war of the roses came.",
        "He was relieved of the post of head of the administration of the town.",
    ),
    confidence=0.85,
)
