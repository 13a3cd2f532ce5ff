"""A decimal comma, where English has a point.

What it flags
    ``1,5 million``, ``12,75 %``, ``7,3 points``.

Why it reads as machine translation
    Russian writes decimals with a comma. In English the comma groups thousands, so *1,5* misleads.

Example
    The budget grew to 1,5 million roubles.

Better
    The budget grew to 1.5 million roubles.

Known limits
    Only numbers followed by a unit, a multiple or a percent sign are flagged: *in 1,2 and 3* is a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_DECIMAL = re.compile(
    r"(?<![\d,.])\d{1,3}(,)(?P<decimals>\d{1,2}|\d{4,})(?![\d,]|\.\d)[ \u00a0-]?"
    r"(?=%|percent\b|per cent\b|percentage\b|thousand\b|million\b|mln\b|billion\b|bln\b|trillion\b|times\b|points?\b|"
    r"degrees?\b|met(?:er|re)s?\b|kilomet(?:er|re)s?\b|km\b|kg\b|kilograms?\b|tons?\b|tonnes?\b|hectares?\b|lit(?:er|re)s?\b|"
    r"euros?\b|dollars?\b|ro?ubles?\b|kope(?:ck|k)s?\b|hryvnias?\b|yuan\b|cents?\b|pounds?\b|"
    r"barrels?\b|miles?\b|square\b|cubic\b|seconds?\b|minutes?\b|hours?\b|years?\b|months?\b|°|[$€£₽])",
    re.I,
)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the comma alone."""
    for match in _DECIMAL.finditer(analysis.text):
        # 52,00 tonnes and 72,0000 tons were thousands with a slip in them
        slip = len(match["decimals"]) > 2 or not match["decimals"].strip("0")
        sure = Applicability.REVIEW if slip else Applicability.SAFE
        yield Flag(*match.span(1), "English decimals have a point", (".",), sure)


RULE = Rule(
    name="decimal-comma",
    category="locale/number-format",
    severity=Severity.MAJOR,
    find=find,
    applicability=Applicability.SAFE,
    confidence=0.98,
    must_flag=(
        Example("The budget grew to 1,5 million roubles.", "The budget grew to 1.5 million roubles."),
        Example("Prices rose by 12,75%.", "Prices rose by 12.75%."),
        Example("The dollar cost 62,18 rubles.", "The dollar cost 62.18 rubles."),
        Example("It lasted 1,5 hours.", "It lasted 1.5 hours."),
    ),
    must_pass=("It cost 1,500 roubles.", "In 1,2 and 3 we see it.", "1,500,000 people came.", "It fell 1.5 percent."),
)
