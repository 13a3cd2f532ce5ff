"""Two marks of punctuation where English has one.

What it flags
    ``,,``, ``,.``, ``..`` (two full stops), ``.”.``.

Why it reads as machine translation
    The second mark comes from the source's own order of quotation mark and full stop, or is doubled
    by the system.

Example
    He left the city,. The army stayed..

Better
    He left the city. The army stayed.

Known limits
    Full stops of abbreviations (*etc.,*), ellipses (*...*, *…*) and *!!!* are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_DOUBLED = re.compile(
    r"(?<=[\w”\")%])(,\s*,|,\s*\.(?![.\d])|(?<!\d);\s*[,;]|:\s*:|,\s*;|(?<!\.)\.\.(?!\.))(?=[\s”\")]|$)"
)
_QUOTED_STOP = re.compile(r"(?<!etc)[.](?:”|\")[.](?=\s|$)")
# Two full stops may trail off like an ellipsis, two colons divide a title; of two unlike marks a reader must choose.
_DOUBTFUL = re.compile(r"\.\.(?=\s+[^A-Z])|,\s*;|;\s*,|:\s*:")
_KEEP = {",,": ",", ",.": ".", ";,": ",", ";;": ";", "::": ":", ",;": ";", "..": "."}


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag both marks, to be replaced by one."""
    for match in _DOUBLED.finditer(analysis.text):
        marks = "".join(match.group().split())
        sure = Applicability.REVIEW if _DOUBTFUL.match(analysis.text, match.start()) else Applicability.SAFE
        yield Flag(*match.span(), "doubled punctuation", (_KEEP.get(marks, marks[0]),), sure)
    for match in _QUOTED_STOP.finditer(analysis.text):
        yield Flag(*match.span(), "one full stop is enough", (match.group()[:2],))


RULE = Rule(
    name="doubled-punctuation",
    category="fluency/punctuation",
    severity=Severity.MINOR,
    find=find,
    applicability=Applicability.SAFE,
    confidence=0.95,
    must_flag=(
        Example("He left the city,. The army stayed..", "He left the city. The army stayed."),
        Example("First,, he left.", "First, he left."),
        Example("He said: “We won.”.", "He said: “We won.”"),
    ),
    must_pass=("Victory!!!", "Wait... what?", "Cars, ships, etc., were sold.", "Really?!", "He waited…"),
)
