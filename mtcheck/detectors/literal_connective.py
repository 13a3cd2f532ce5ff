"""A Russian connective translated word for word.

What it flags
    ``from the side of``, ``it became known that``, ``according to his words``.

Why it reads as machine translation
    Russian strings sentences together with set phrases (*стало известно, что*, *по его
    словам*) whose words mean little; English has its own set phrases, mostly shorter.

Example
    It became known that the plant will close. According to his words, all is well.

Better
    It emerged that the plant will close. According to him, all is well.

Known limits
    Only the phrases of the table are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.phrase_table import find_phrases
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_RECALL = re.compile(r"(?<![^.!?] )\b(?:(?:Let us |We (?:will )?)?(?:[Rr]ecall|[Rr]emind)(?: you)?), that\b")


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the connective; *Recall, that* is one only together with its comma and *that*."""
    for match in _RECALL.finditer(analysis.text):
        yield Flag(*match.span(), "a calque of напомним, что", ("As previously reported,",), confidence=0.9)
    for flag in find_phrases(analysis, "literal_connective.phrases.tsv"):
        if not _RECALL.match(analysis.text, flag.start):
            yield flag


RULE = Rule(
    name="literal-connective",
    category="style/unidiomatic",
    severity=Severity.MINOR,
    find=find,
    confidence=0.85,
    must_flag=(
        Example("It became known that the plant will close.", "It emerged that the plant will close."),
        Example("Recall, that the plant was closed in May.", "As previously reported, the plant was closed in May."),
        Example("According to his words, all is well.", "According to him, all is well."),
        Example("There was pressure from the side of policemen.", "There was pressure from policemen."),
        Example("It is necessary to note that prices rose.", "It should be noted that prices rose."),
    ),
    must_pass=(
        "He came from the side of the road.",
        "According to him, all is well.",
        "It is necessary to note the date.",
    ),
)
