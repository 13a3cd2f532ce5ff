"""Straight and curly quotation marks in one article.

What it flags
    ``"`` in an article that uses “ ”, or the other way round.

Why it reads as machine translation
    A system puts now the marks of the source, now its own.

Example
    He reads “Izvestia”. She reads “Pravda” and "Trud".

Better
    He reads “Izvestia”. She reads “Pravda” and “Trud”.

Known limits
    The kind that is more frequent in the article is proposed; of two as frequent, the curly one. Inches and seconds
    after a digit are left alone. Russian marks, « » and „ “, are the business of *leftover-russian-quotes*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag
from mtcheck.schema import Applicability, Severity

_CURLY = re.compile("[“”]")
_OPENING = re.compile(r"(?:^|[\s(\[—–/-])$")
_QUOTED = re.compile(r"[\w(\[$£€‘'…]")
_LOW_QUOTE = "„"


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag every mark of the rarer kind on its own, so that the words between stay untouched."""
    curly = [(i, m) for i, analysis in enumerate(article) for m in _CURLY.finditer(analysis.text)]
    straight = [(i, m) for i, analysis in enumerate(article) for m in _straight(analysis.text)]
    if len(straight) > len(curly):
        for index, match in curly:
            if _LOW_QUOTE not in article[index].text:
                yield index, Flag(*match.span(), "curly here, straight elsewhere in the article", ('"',))
    elif straight and curly:
        for index, match in straight:
            text = article[index].text
            opens = _OPENING.search(text, max(0, match.start() - 1), match.start())
            astray = opens and not _QUOTED.match(text, match.end())  # after white space, and before no word
            sure = Applicability.REVIEW if astray else Applicability.SAFE
            message = "straight here, curly elsewhere in the article"
            yield index, Flag(*match.span(), message, ("“" if opens else "”",), sure)


def _straight(text: str) -> Iterator[re.Match[str]]:
    """Straight marks; one after a digit only where it closes another, for it may mean inches."""
    open_ = False
    for match in re.finditer('"', text):
        if open_ or not text[: match.start()][-1:].isdigit():
            open_ = not open_
            yield match


RULE = DocumentRule(
    name="quotation-marks-of-two-kinds",
    category="locale/punctuation",
    severity=Severity.MINOR,
    find_all=find_all,
    applicability=Applicability.SAFE,
    confidence=0.98,
    must_flag=(
        Example(
            'He reads “Izvestia”.\nShe reads “Pravda” and "Trud".',
            "He reads “Izvestia”.\nShe reads “Pravda” and “Trud”.",
        ),
        Example(
            'He reads "Izvestia" and "Trud".\nShe reads “Pravda”.',
            'He reads "Izvestia" and "Trud".\nShe reads "Pravda".',
        ),
    ),
    must_pass=('He reads "Izvestia".', 'He reads “Izvestia” on a 5" screen.', "He reads «Izvestia»."),
)
