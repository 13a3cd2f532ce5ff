"""*Mister*, *Missis* or *lord* spelled out before a name.

What it flags
    ``Mister Corbyn``, ``mister Modi``, ``madam Clinton``.

Why it reads as machine translation
    Russian *господин* and *госпожа* are whole words; English shortens its titles of courtesy before a name.

Example
    The views of Mister Corbyn are known.

Better
    The views of Mr. Corbyn are known.

Known limits
    *Mr* without a full stop, the British style, is proposed when the article writes it so. Stage names
    (*Mister Rogers*) may be flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mtcheck.detectors.lexicon import NOT_NAMES
from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag
from mtcheck.schema import Severity

_COURTESY = re.compile(r"\b(?P<title>[Mm]ister|[Mm]issis|[Mm]adam|[Mm]istress) (?P<name>[A-Z][a-z]+)")
_SHORT = {"mister": "Mr", "missis": "Mrs", "madam": "Ms", "mistress": "Ms"}
_OFFICES = frozenset(
    "President Chairman Speaker Secretary Prime Minister Ambassador Justice Mayor Deputy Universe World".split()
)


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag the title."""
    british = any(re.search(r"\bM(?:rs?|s) [A-Z]", analysis.text) for analysis in article)
    for index, analysis in enumerate(article):
        for match in _COURTESY.finditer(analysis.text):
            if match["name"] in _OFFICES or match["name"].lower() in NOT_NAMES:
                continue
            better = _SHORT[match["title"].lower()] + ("" if british else ".")
            yield index, Flag(*match.span("title"), "English shortens this title before a name", (better,))


RULE = DocumentRule(
    name="mister-before-name",
    category="style/unidiomatic",
    severity=Severity.MINOR,
    find_all=find_all,
    confidence=0.93,
    must_flag=(
        Example("The views of Mister Corbyn are known.", "The views of Mr. Corbyn are known."),
        Example("Mr Modi met mister Abe.", "Mr Modi met Mr Abe."),
    ),
    must_pass=("The views of Mr. Corbyn are known.", "Thank you, Mister President.", "Yes, mister."),
)
