"""Quotation marks of Russian typography, « » and „ “, left in English text.

What it flags
    ``«Interfax»``, ``„Rossiya“``.

Why it reads as machine translation
    The marks are copied from the source. English uses “ ” (or straight quotation marks).

Example
    He told «Interfax» about the plan.

Better
    He told “Interfax” about the plan.

Known limits
    Straight marks are proposed when the document has more of them than of curly ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag
from mtcheck.schema import Applicability, Severity

_MARKS = re.compile(r"[«„‟][ \u00a0\u202f]?|(?:(?<=\w)[ \u00a0\u202f])?»")
_LOW_PAIR = re.compile(r"„[^„“”]*(“)")


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag every mark on its own, with the space inside it, so that the words between stay untouched."""
    straight = sum(analysis.text.count('"') for analysis in article)
    curly = sum(analysis.text.count("“") + analysis.text.count("”") for analysis in article)
    opening, closing = ('"', '"') if straight > curly else ("“", "”")
    for index, analysis in enumerate(article):
        text = analysis.text
        places = {match.span(): closing if "»" in match.group() else opening for match in _MARKS.finditer(text)}
        places |= {match.span(1): closing for match in _LOW_PAIR.finditer(text)}
        for start, end in sorted(places):
            sure = Applicability.SAFE if end - start == 1 or _is_paired(text, start, end) else Applicability.REVIEW
            message = f"{text[start:end].strip()} is Russian typography"
            yield index, Flag(start, end, message, (places[start, end],), sure)


def _is_paired(text: str, start: int, end: int) -> bool:
    """True when a mark with a space at its side has its counterpart on that side: the space is inside the quotation."""
    if "»" in text[start:end]:
        return text.count("«", 0, start) > text.count("»", 0, start)
    return text.count("»", end) > text.count("«", end)


RULE = DocumentRule(
    name="leftover-russian-quotes",
    category="locale/punctuation",
    severity=Severity.MINOR,
    find_all=find_all,
    applicability=Applicability.SAFE,
    confidence=0.99,
    must_flag=(
        Example("He told «Interfax» about the plan.", "He told “Interfax” about the plan."),
        Example("He told « Interfax » about it.", "He told “Interfax” about it."),
        Example('The "Mir" card and the «Troika» card.', 'The "Mir" card and the "Troika" card.'),
        Example("The channel „Rossiya“ reported it.", "The channel “Rossiya” reported it."),
    ),
    must_pass=("He told “Interfax” about the plan.", 'The "Mir" card.'),
)
