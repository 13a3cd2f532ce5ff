"""*Can not* in two words.

What it flags
    ``They can not come``.

Why it reads as machine translation
    Russian *не могут* is two words, and systems that work word by word keep them apart.

Example
    They can not come.

Better
    They cannot come.

Known limits
    *can not only … but also* is good English and left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_SPLIT = re.compile(r"\b([Cc]an) not\b(?! only\b| just\b| merely\b| simply\b)")


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag both words."""
    for match in _SPLIT.finditer(analysis.text):
        yield Flag(*match.span(), "“cannot” is one word", (f"{match.group(1)}not",))


RULE = Rule(
    name="split-cannot",
    category="fluency/spelling",
    severity=Severity.MINOR,
    find=find,
    applicability=Applicability.SAFE,
    confidence=0.95,
    must_flag=(Example("They can not come.", "They cannot come."),),
    must_pass=("They cannot come.", "It can not only sing but also dance.", "A can, not a bottle."),
)
