"""An omission marked ``<…>``, as Russian editors mark it.

What it flags
    ``<…>``, ``<...>``, ``<..>``.

Why it reads as machine translation
    Russian editions mark words left out of a quotation with angle brackets. English uses an
    ellipsis, in square brackets when it is the editor's.

Example
    Not dividing the terrorists <…> Let's send them away.

Better
    Not dividing the terrorists […] Let's send them away.

Known limits
    None known; the mark has no other use in English prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_OMISSION = re.compile(r"<\s*(?:…|\.{2,4}|\. \. \.)\s*>|‹…›")


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the mark."""
    for match in _OMISSION.finditer(analysis.text):
        yield Flag(*match.span(), "English marks an omission with […]", ("[…]",))


RULE = Rule(
    name="angle-bracket-ellipsis",
    category="locale/punctuation",
    severity=Severity.MINOR,
    find=find,
    applicability=Applicability.SAFE,
    confidence=0.99,
    must_flag=(
        Example("Not dividing the terrorists <…> Let's go.", "Not dividing the terrorists […] Let's go."),
        Example("He spoke <...> and left.", "He spoke […] and left."),
    ),
    must_pass=("He spoke […] and left.", "If a < b … and b > c, stop."),
)
