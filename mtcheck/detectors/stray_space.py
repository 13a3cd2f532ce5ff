"""A space before punctuation, inside brackets or before 's, or none after a comma.

What it flags
    ``the plan , he said``, ``( see below )``, ``Putin 's visit``, ``the plan,he said``.

Why it reads as machine translation
    Older systems put words and punctuation together from separate tokens.

Example
    The plan , he said , is Putin 's own.

Better
    The plan, he said, is Putin's own.

Known limits
    A space before a full stop that begins a name (*.NET*, *.rf*) or a number (*.45*) is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_FAULTS = (
    (re.compile(r"(?<=[\w”\")\]])[ \u00a0]+(?=[,;?!](?:\s|$))"), "", "no space before this mark"),
    (re.compile(r"(?<=[\w”\")\]])[ \u00a0]+(?=[.:](?:\s+[A-Z“\"]|\s*$))"), "", "no space before this mark"),
    (re.compile(r"(?<=[\[(])[ \u00a0]+(?=\S)"), "", "no space inside brackets"),
    (re.compile(r"(?<=[\w.,!?…”\"])[ \u00a0]+(?=[\])](?:\W|$))"), "", "no space inside brackets"),
    (re.compile(r"(?<=“)[ \u00a0]+(?=\w)"), "", "no space inside quotation marks"),
    (re.compile(r"(?<=[A-Za-z])[ \u00a0]+(?=['’]s\b(?! \d))"), "", "no space before 's"),
    (re.compile(r"(?<=[a-z],)(?=[a-z]{2})"), " ", "a space is missing after the comma"),
)
_RUN = re.compile(r"\S+")
_IN_ADDRESSES = ("//", "@", "www.")


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag each space that is too many, and each missing one at its place."""
    text = analysis.text
    runs = [match.span() for match in _RUN.finditer(text) if any(sign in match.group() for sign in _IN_ADDRESSES)]
    for pattern, better, message in _FAULTS:
        for match in pattern.finditer(text):
            if any(start <= match.start() < end for start, end in runs):
                continue
            if message.endswith("'s") and text.count("'", 0, match.start()) % 2:
                continue  # the mark may close a quotation in single quotes
            # a comma without a space may also stand inside a word by a slip (*chairm,an*)
            sure = Applicability.REVIEW if better else Applicability.SAFE
            yield Flag(*match.span(), message, (better,), sure)


RULE = Rule(
    name="stray-space",
    category="fluency/typography",
    severity=Severity.MINOR,
    find=find,
    applicability=Applicability.SAFE,
    confidence=0.97,
    must_flag=(
        Example("The plan , he said , is Putin 's own.", "The plan, he said, is Putin's own."),
        Example("The plan ( see below ) is new.", "The plan (see below) is new."),
        Example("He left,she stayed .", "He left, she stayed."),
    ),
    must_pass=(
        "He uses .NET and a .45 pistol.",
        "Wait ... what?",
        "See http://example.org/a,b for more.",
        "It cost 1,000 roubles.",
    ),
)
