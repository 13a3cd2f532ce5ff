"""*Speaks* for *says* beside quoted or reported words.

What it flags
    ``“…,” speaks Galt``, ``…, he speaks.``

Why it reads as machine translation
    Russian *говорит* is both *says* and *speaks*; only *say* reports words.

Example
    “We will win,” speaks Galt.

Better
    “We will win,” says Galt.

Known limits
    Only next to a quotation mark, or at the end of a sentence after a comma.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_AFTER_QUOTE = re.compile(
    r"[”\"],? (?:-|–|—)? ?(?:(?:he|she|[A-Z][a-z]+) )?(?P<verb>speaks|spoke)(?= [A-Z]| the\b| he\b| she\b|[.,])"
)
_AT_END = re.compile(r", (?:-|–|—)? ?(?:he|she) (?P<verb>speaks)(?=[.:]|, [“\"])")
_BETTER = {"speaks": "says", "spoke": "said"}


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the verb."""
    starts = {match.span("verb"): match["verb"] for p in (_AFTER_QUOTE, _AT_END) for match in p.finditer(analysis.text)}
    for span, verb in sorted(starts.items()):
        yield Flag(*span, "English reports words with “say”", (_BETTER[verb],))


RULE = Rule(
    name="speaks-for-says",
    category="accuracy/mistranslation",
    severity=Severity.MINOR,
    find=find,
    confidence=0.93,
    must_flag=(
        Example("“We will win,” speaks Galt.", "“We will win,” says Galt."),
        Example("It was a hard year, he speaks.", "It was a hard year, he says."),
    ),
    must_pass=(
        "When asked, he speaks of his youth.",
        "He speaks English.",
        "“We will win,” he said and spoke no more.",
    ),
)
