"""A number whose thousands are set apart with spaces, where English has commas.

What it flags
    ``10 000 people``, ``1 250 000 roubles``.

Why it reads as machine translation
    Russian groups digits with a space; the system copies the number as it stands.

Example
    More than 10 000 people came.

Better
    More than 10,000 people came.

Known limits
    Two numbers side by side (*on August 7 100 people*), telephone numbers and scores are left alone where
    they can be told; a narrow no-break space, the typographer's choice, is accepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_SPACED = re.compile(r"(?<![\w.,:/+()–-])(?<!\d )\d{1,3}(?:[ \u00a0]\d{3})+(?![\w:/–-]|[ \u00a0]\d|\.\d)")
_DATE = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|No\.|Section|"
    r"Article|Boeing|Airbus|tel\.?|phone|room|age|aged)\s$",
    re.I,
)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the whole number."""
    text = analysis.text
    for match in _SPACED.finditer(text):
        if _DATE.search(text, max(0, match.start() - 20), match.start()) or match.group().startswith("0"):
            continue
        better = re.sub(r"[ \u00a0]", ",", match.group())
        yield Flag(*match.span(), "English groups thousands with commas", (better,))


RULE = Rule(
    name="spaced-thousands",
    category="locale/number-format",
    severity=Severity.MINOR,
    find=find,
    confidence=0.95,
    must_flag=(
        Example("More than 10 000 people came.", "More than 10,000 people came."),
        Example("It cost 1 250 000 roubles.", "It cost 1,250,000 roubles."),
    ),
    must_pass=(
        "On August 7 100 people came.",
        "Call +7 495 123 45 67.",
        "In 2014 100 people came.",
        "10,000 people came.",
    ),
)
