"""A number in figures before the word *thousand*.

What it flags
    ``73 thousand buildings``, ``9.5 thousand people``, ``2,5 thousand roubles``.

Why it reads as machine translation
    Russian news writes *9,5 тысячи* and *73 тыс.*; English news writes the figure out: *9,500*, *73,000*.

Example
    More than 9.5 thousand people live in 73 thousand houses.

Better
    More than 9,500 people live in 73,000 houses.

Known limits
    A matter of style, so of neutral severity: mended in a review, no finding of its own. In headlines and tables
    *73 thousand* may be meant to be short. Ranges (*5-6 thousand*) are mended as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_FIGURES = r"\d{1,3}(?:[.,]\d{1,2})?"
_THOUSANDS = re.compile(
    rf"(?<![\w.,$€£₽/-])(?<!million )(?<!million, )(?P<low>{_FIGURES})"
    rf"(?:(?P<link> ?[-–—] ?| to | or | and )(?P<high>{_FIGURES}))?"
    r"[  ]thousand\b(?! (?:million|billion|and)\b)"
)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the figure and the word."""
    for match in _THOUSANDS.finditer(analysis.text):
        start = match.start("high") if _is_no_range(match) else match.start()
        better = _figures(match)[start - match.start() :]
        yield Flag(start, match.end(), "English news writes thousands in figures", (better,))


def in_figures(text: str) -> str:
    """The text with every such number written out: *9.5 thousand people* as *9,500 people*."""
    return _THOUSANDS.sub(_figures, text)


def _figures(match: re.Match[str]) -> str:
    low, high = (_times_thousand(match[name]) for name in ("low", "high"))
    if not high:
        return low
    if _is_no_range(match):
        return f"{match['low']}{match['link']}{high}"
    return f"{low}{match['link'] if match['link'].strip().isalpha() else match['link'].strip()}{high}"


def _is_no_range(match: re.Match[str]) -> bool:
    """True for *grew from 800 to 2 thousand*, where the first figure is whole as it stands."""
    return bool(match["high"]) and float(match["low"].replace(",", ".")) >= float(match["high"].replace(",", "."))


def _times_thousand(figures: str | None) -> str:
    """``9.5`` as ``9,500``; a comma before one or two digits is a Russian decimal comma."""
    if not figures:
        return ""
    whole, _, part = figures.replace(",", ".").partition(".")
    return f"{int(whole + part.ljust(3, '0')):,}"


RULE = Rule(
    name="number-of-thousands",
    category="style/unidiomatic",
    severity=Severity.NEUTRAL,
    find=find,
    must_flag=(
        Example("More than 9.5 thousand people came.", "More than 9,500 people came."),
        Example("The fine is 2,5 thousand roubles.", "The fine is 2,500 roubles."),
        Example("About 5-6 thousand came.", "About 5,000-6,000 came."),
        Example("From 3 to 4 thousand soldiers will serve.", "From 3,000 to 4,000 soldiers will serve."),
        Example("It grew from 800 to 2 thousand.", "It grew from 800 to 2,000."),
    ),
    must_pass=(
        "Several thousand people came.",
        "It cost 5 million roubles.",
        "A hundred thousand people came.",
        "$5 thousand was paid.",
        "It grew by 2 million, 400 thousand dollars.",
    ),
    confidence=0.9,
)
