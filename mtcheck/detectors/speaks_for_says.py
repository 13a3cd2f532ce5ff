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
    Only next to a quotation mark, or between commas with a name or at the end of a sentence.
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
_INSIDE = re.compile(r", (?P<verb>speaks)(?= [A-Z][a-z]+(?: [A-Z][a-z]+)?[.,])")
_BEFORE_THAT = re.compile(
    r"\b(?:he|she|[A-Z][a-z]+) (?P<verb>speaks|spoke)(?= that (?:he|she|it|they|we|the|a|an|in|there)\b)"
)
_PATTERNS = (_AFTER_QUOTE, _AT_END, _INSIDE, _BEFORE_THAT)
_BETTER = {"speaks": "says", "spoke": "said"}


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the verb."""
    found = {match.span("verb") for pattern in _PATTERNS for match in pattern.finditer(analysis.text)}
    for start, end in sorted(found):
        yield Flag(start, end, "English reports words with “say”", (_BETTER[analysis.text[start:end]],))


RULE = Rule(
    name="speaks-for-says",
    category="accuracy/mistranslation",
    severity=Severity.MINOR,
    find=find,
    confidence=0.93,
    must_flag=(
        Example("“We will win,” speaks Galt.", "“We will win,” says Galt."),
        Example("Check, speaks Galt, who sent it.", "Check, says Galt, who sent it."),
        Example("It was a hard year, he speaks.", "It was a hard year, he says."),
        Example("He speaks that the plan failed.", "He says that the plan failed."),
    ),
    must_pass=(
        "When asked, he speaks of his youth.",
        "He speaks English.",
        "“We will win,” he said and spoke no more.",
    ),
)
