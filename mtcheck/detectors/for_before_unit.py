"""A price *for barrel*, where English has *a* or *per*.

What it flags
    ``$52.3 for barrel``, ``62 rubles for dollar``, ``10 cents for kilowatt``.

Why it reads as machine translation
    *52,3 доллара за баррель*: the system translates *за* by its first meaning and has no article to add.

Example
    Oil costs $52.3 for barrel.

Better
    Oil costs $52.3 per barrel.

Known limits
    Only a sum of money before *for*, and only nouns in which goods and money are measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_PRICE = re.compile(
    r"(?:[$€£]\d[\d.,]*(?: (?:thousand|million|billion))?|\b(?:dollars|euros|rubles?|roubles?|kopecks|cents|"
    r"yuan|hryvnias?|rubles?\.)) (?P<wrong>for(?: one)?)(?= (?:barrel|ton|tonne|kilogram|kilo|kg|liter|litre|"
    r"ounce|share|dollar|euro|unit|kilometer|kilometre|hectare|person|square meter|square metre|cubic meter|"
    r"cubic metre|kilowatt|megawatt|gram|packet)\b)"
)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the preposition."""
    for match in _PRICE.finditer(analysis.text):
        yield Flag(*match.span("wrong"), "English says so much “per” or “a” unit", ("per",))


RULE = Rule(
    name="for-before-unit",
    category="fluency/grammar",
    severity=Severity.MINOR,
    find=find,
    applicability=Applicability.SAFE,
    must_flag=(
        Example("Oil costs $52.3 for barrel.", "Oil costs $52.3 per barrel."),
        Example("The price was 62 rubles for one dollar.", "The price was 62 rubles per dollar."),
    ),
    must_pass=("He paid $52 for a barrel.", "He gave 10 dollars for shares.", "They asked $5 for tickets."),
    confidence=0.95,
)
