"""The sign №, which English text does not use.

What it flags
    ``school № 5``, ``№12``.

Why it reads as machine translation
    The sign stands on every Russian keyboard and is copied from the source; English writes *No.*

Example
    A pupil of school № 5 won.

Better
    A pupil of school No. 5 won.

Known limits
    The name order (*School No. 5*) is left to the editor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_SIGNS = re.compile(r"№№?\s*(?=\S)")


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the sign with the space that follows."""
    for match in _SIGNS.finditer(analysis.text):
        better = "Nos. " if match.group().startswith("№№") else "No. "
        yield Flag(*match.span(), "№ is Russian typography", (better,))


RULE = Rule(
    name="numero-sign",
    category="locale/symbol",
    severity=Severity.MINOR,
    find=find,
    applicability=Applicability.SAFE,
    confidence=0.99,
    must_flag=(
        Example("A pupil of school № 5 won.", "A pupil of school No. 5 won."),
        Example("Schools №№ 5 and 7 won.", "Schools Nos. 5 and 7 won."),
        Example("Order №12 was signed.", "Order No. 12 was signed."),
    ),
    must_pass=("A pupil of school No. 5 won.", "He is number 1."),
)
