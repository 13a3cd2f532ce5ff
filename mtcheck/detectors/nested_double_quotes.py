"""Double quotation marks inside double quotation marks.

What it flags
    ``“We work with people “on the ground” there,” he said``.

Why it reads as machine translation
    Russian uses the same marks at both levels, or « » outside and “ ” inside; the system makes them all alike.
    English changes the mark inside a quotation.

Example
    “We work with people “on the ground” there,” he said.

Better
    “We work with people ‘on the ground’ there,” he said.

Known limits
    Straight marks do not tell opening from closing and are not read; a quotation that began in an earlier sentence is
    not seen, and one that goes on counts only at the start of a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_BENT = re.compile(r"\w“|“\s|\s”\w|^”")  # a mark turned the wrong way: nothing can be told
_ATTRIBUTION = re.compile(r"”,? ?[–—-]")
_FEW = 5  # words within the marks up to which they change in one edit
_MESSAGE = "inside a quotation English changes the quotation marks"


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the two inner marks: a few plain words with them, or each on its own about a name, which others may mend."""
    text = analysis.text
    if not set("“”") & set(text) or '"' in text or "«" in text or _BENT.search(text):
        return
    opened: list[int] = []
    inner: list[tuple[int, int, int]] = []
    for at, letter in enumerate(text):
        if letter == "“":
            opened.append(at)
        elif letter == "”" and opened:
            start = opened.pop()
            inner += [(start, at, opened[-1])] if opened else []
    unclosed = set(opened)
    pairs = [(start, end) for start, end, outer in inner if outer not in unclosed or not text[:outer].strip()]
    for start, end in sorted(pairs):
        if "‘" in text[start:end]:
            continue
        within, ended = text[start + 1 : end], _ATTRIBUTION.match(text, end)
        if within.islower() and len(within.split()) <= _FEW and not ended:
            yield Flag(start, end + 1, _MESSAGE, (f"‘{within}’",))
            continue
        yield Flag(start, start + 1, _MESSAGE, ("‘",))
        if not ended:  # dash-before-attribution closes both quotations there
            yield Flag(end, end + 1, _MESSAGE, ("’",))


RULE = Rule(
    name="nested-double-quotes",
    category="fluency/punctuation",
    severity=Severity.MINOR,
    find=find,
    applicability=Applicability.SAFE,
    confidence=0.85,
    must_flag=(
        Example(
            "“We work with people “on the ground” there,” he said.",
            "“We work with people ‘on the ground’ there,” he said.",
        ),
        Example("“Let them leave “Jabhat al-Nusra”. We wait.", "“Let them leave ‘Jabhat al-Nusra’. We wait."),
    ),
    must_pass=("“We work with ‘locals’,” he said.", "“Yes,” he said. “No,” she said.", "He said “yes”."),
)
