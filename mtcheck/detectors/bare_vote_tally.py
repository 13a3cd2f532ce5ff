"""*Against - 56, abstained one*: a vote counted without verbs.

What it flags
    ``…, against - 56, abstained one``, ``342 deputies voted for, against - 56``.

Why it reads as machine translation
    *За проголосовали 342 депутата, против - 56, воздержался один* puts dashes where English has *with … against*.

Example
    In favour were 342 deputies, against - 56, abstained one.

Better
    In favour were 342 deputies, with 56 against and one abstaining.

Known limits
    Only the two usual forms, with or without those who abstained.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_COUNT = r"(?:\d[\d,]*|one|two|three|four|five|six|seven|eight|nine|ten|nobody|no one)"
_TALLY = re.compile(
    rf",? (?:and )?against(?: it)?(?: were| was|:)?(?: [–—-]{{1,2}})? (?P<no>{_COUNT})(?: (?:deputies|people|votes))?"
    rf"(?:(?:,| and|, and) (?:abstained(?: from voting)?(?::| [–—-]{{1,2}})? (?P<none>{_COUNT})"
    rf"|(?P<none2>{_COUNT}) abstained))?(?: (?:deputies|people))?(?=[.,;]|$)"
)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the tally of those who were against or abstained."""
    for match in _TALLY.finditer(analysis.text):
        if "-" not in match.group() and "–" not in match.group() and not match["none"]:
            continue
        none = match["none"] or match["none2"]
        better = f", with {match['no']} against" + (f" and {none} abstaining" if none else "")
        yield Flag(*match.span(), "English counts votes with “against” after the number", (better,))


RULE = Rule(
    name="bare-vote-tally",
    category="style/unidiomatic",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example(
            "For the bill 342 deputies voted, against - 56, abstained one.",
            "For the bill 342 deputies voted, with 56 against and one abstaining.",
        ),
        Example("In favor voted 381 deputies, against – 56.", "In favor voted 381 deputies, with 56 against."),
    ),
    must_pass=("The vote was 342 for, 56 against.", "He is against 56 of them.", "They lost against Ural."),
    confidence=0.9,
)
