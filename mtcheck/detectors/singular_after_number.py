"""A unit in the singular after a number greater than one: *62.85 ruble*.

What it flags
    ``to 62.85 ruble``, ``about 5 person were hurt``, ``31 degree below zero``.

Why it reads as machine translation
    After 21, 31 and fractions Russian has the singular or a case that looks like it (*62,85 рубля*, *31 градус*).

Example
    The rate fell to 62.85 ruble.

Better
    The rate fell to 62.85 rubles.

Known limits
    Only units and only where no noun follows: *a 20 dollar bill* and *a 5 kilometer race* are good English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_UNITS = {
    "ruble": "rubles", "rouble": "roubles", "kopeck": "kopecks", "dollar": "dollars", "hryvnia": "hryvnias",
    "kilometer": "kilometers", "kilometre": "kilometres", "meter": "meters", "metre": "metres", "degree": "degrees",
    "kilogram": "kilograms", "hectare": "hectares", "person": "people", "child": "children", "woman": "women",
    "deputy": "deputies", "ton": "tons", "tonne": "tonnes", "barrel": "barrels", "hour": "hours",
    "apartment": "apartments", "settlement": "settlements", "house": "houses",
}  # fmt: skip
_UNIT = re.compile(
    rf"(?<![\d.,:/$€£(–-])(?P<number>\d{{1,3}}(?:[, ]\d{{3}})*(?:\.\d+)?)(?: (?:thousand|million|billion))? "
    rf"(?P<unit>{'|'.join(_UNITS)})(?=[.,;)]|$| (?:of|for|from|to|in|on|and|by|at|with|was|were|are|is|have|has|died|"
    r"suffered|against|higher|lower|below|above|more|less)\b)(?!\.\d)"
)
_BEFORE = 10  # code points: the longest of those words and its space
_ATTRIBUTE = re.compile(r"\b(?:a|an|the|this|that|his|her|its|their|our|my|no|number|chapter|section|article) $", re.I)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the unit."""
    for match in _UNIT.finditer(analysis.text):
        value = match["number"].replace(",", "").replace(" ", "")
        if float(value) <= 1 or _ATTRIBUTE.search(analysis.text[max(0, match.start() - _BEFORE) : match.start()]):
            continue
        yield Flag(*match.span("unit"), "a number above one takes the plural", (_UNITS[match["unit"]],))


RULE = Rule(
    name="singular-after-number",
    category="fluency/grammar",
    severity=Severity.MINOR,
    find=find,
    applicability=Applicability.SAFE,
    must_flag=(
        Example("The rate fell to 62.85 ruble.", "The rate fell to 62.85 rubles."),
        Example("It was 31 degree below zero.", "It was 31 degrees below zero."),
        Example("In the fire 21 person were hurt.", "In the fire 21 people were hurt."),
    ),
    must_pass=(
        "He paid with a 20 dollar bill.",
        "She won the 5 kilometer race.",
        "He got 1 vote.",
        "It cost 0.5 dollar.",
        "A 5 meter by 3 meter room.",
    ),
    confidence=0.95,
)
