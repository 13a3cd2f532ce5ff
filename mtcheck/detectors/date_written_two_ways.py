"""Dates written in two ways in one article.

What it flags
    *5 May* in an article that elsewhere writes *May 12*; *May 5th* beside *May 12*.

Why it reads as machine translation
    A system keeps now the Russian order of day and month, now its own; an editor holds an article to one.

Example
    It began on May 12. It ended on 5 June.

Better
    It began on May 12. It ended on June 5.

Known limits
    The way that is more frequent is proposed, of two as frequent the first. Ranges of days (*5-8 June*) are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mtcheck.detectors.drift import Mention, drift
from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag
from mtcheck.schema import Severity

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = r"[0-3]?\d"
_DATE = re.compile(
    rf"(?<![\w–-])(?<!\d[,.])(?:(?:(?P<the>the )?(?P<day>{_DAY})(?P<th>st|nd|rd|th)?(?P<of> of)? (?P<month>{_MONTHS})"
    rf"|(?P<month2>{_MONTHS}) (?P<day2>{_DAY})(?P<th2>st|nd|rd|th)?)(?![\d\w–-]|\s?[–-]\s?\d|[.,:]\d)"
    r"(?P<year>,? (?:19|20)\d\d\b)?)"
)
_WAYS = ("day before month", "month before day", "day as an ordinal")


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag the dates that are not in the article's own way."""
    yield from drift(mention for index, analysis in enumerate(article) for mention in _mentions(index, analysis.text))


def _mentions(index: int, text: str) -> Iterator[Mention]:
    for match in _DATE.finditer(text):
        day, month = match["day"] or match["day2"], match["month"] or match["month2"]
        year = (match["year"] or "").lstrip(", ")
        ordinal = match["th"] or match["th2"] or match["of"] or match["the"]
        way = _WAYS[2] if ordinal else _WAYS[0] if match["month"] else _WAYS[1]
        day_first = f"{day} {month} {year}".strip()
        month_first = f"{month} {day}, {year}" if year else f"{month} {day}"
        yield Mention(index, *match.span(), way, ((_WAYS[0], day_first), (_WAYS[1], month_first)))


RULE = DocumentRule(
    name="date-written-two-ways",
    category="locale/date-format",
    severity=Severity.MINOR,
    find_all=find_all,
    confidence=0.9,
    must_flag=(
        Example("It began on May 12.\nIt ended on 5 June.", "It began on May 12.\nIt ended on June 5."),
        Example(
            "On 5 June 2014 it began.\nOn 7 June it ended.\nOn June 9th, 2015 too.",
            "On 5 June 2014 it began.\nOn 7 June it ended.\nOn 9 June 2015 too.",
        ),
    ),
    must_pass=(
        "It began on May 12, 2014.\nIt ended on May 20.",
        "It lasts from 5-8 June.\nIt began on May 12.",
        "It began in May 2014.\nIt ended on 5 June.",
    ),
)
