"""The word *year* after the number of the year, and centuries or decades written the Russian way.

What it flags
    ``in 2014 year``, ``7 August 2014 year``, ``the XIX century``, ``the 90-ies``, ``the 5-th place``, ``20-years-old``.

Why it reads as machine translation
    Russian adds *год* to every year, writes centuries in Roman numerals and joins endings to figures with a hyphen.

Example
    In 2014 year the school of the XIX century burned.

Better
    In 2014 the school of the 19th century burned.

Known limits
    Roman numerals are read only before *century*; *the fiscal 2014 year* and *2014 year-end* are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_YEAR = re.compile(
    rf"\b(?:(?:in|of|since|by|until|till|from|during|before|after|{_MONTH})"
    rf"(?: the)?,?) (?:1[5-9]|20)\d\d(?P<wrong> years?)"
    r"(?![\w-])(?! (?:end|ended|ending|earnings|results|budget|of|ago|old|period|class|level))"
    r"|(?<!the )(?<!fiscal )\b(?:19|20)\d\d(?P<bare> year)\b(?!-)(?! (?:of|in|and|or) )",
    re.I,
)
_CENTURY = re.compile(r"\b(?P<wrong>[XVI]{1,5})(?:th|st)?(?=(?:-| )(?:century|centuries)\b)")
_DECADE = re.compile(r"\b(?P<wrong>(?:(?:1[89]|20)?\d0)-(?:ies|ees|s|es|ths?|h|x|ie|yes|e))(?![\w-])")
_ORDINAL = re.compile(r"\b(?P<wrong>\d+-(?:th|st|nd|rd))(?![\w-])")
_OLD = re.compile(r"\b\d+(?P<wrong>-years-old|-years old| years-old)\b")
_OTHER_ENDINGS = frozenset(["th", "ths", "h", "x", "e"])  # *the 90-th percentile* is no decade
_ROMAN = {"X": 10, "V": 5, "I": 1}


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag what is too much, or the figure to be rewritten."""
    text = analysis.text
    for match in _YEAR.finditer(text):
        span = match.span("wrong" if match["wrong"] else "bare")
        yield Flag(*span, "English leaves out “year” after the number of a year", ("",))
    for match in _CENTURY.finditer(text):
        figures = _ordinal(_value(match["wrong"]))
        yield Flag(*match.span("wrong"), "English numbers centuries in figures", (figures,), Applicability.SAFE)
    for match in _DECADE.finditer(text):
        number, ending = match["wrong"].split("-")
        sure = Applicability.REVIEW if ending in _OTHER_ENDINGS else Applicability.SAFE
        yield Flag(*match.span("wrong"), "English writes decades so", (f"{number}s",), sure)
    for match in _ORDINAL.finditer(text):
        number = int(match["wrong"].split("-")[0])
        if number % 10 or number > 100 or number < 20 or not _DECADE.match(text, match.start()):
            fixes = (_ordinal(number),)
            yield Flag(*match.span("wrong"), "no hyphen in an ordinal", fixes, Applicability.SAFE)
    for match in _OLD.finditer(text):
        yield Flag(*match.span("wrong"), "“year” stays singular in this compound", ("-year-old",))


def centuries(text: str) -> list[int]:
    """Numbers of the centuries that the text writes in Roman figures."""
    return [_value(match["wrong"]) for match in _CENTURY.finditer(text)]


def _value(roman: str) -> int:
    digits = [_ROMAN[letter] for letter in roman]
    return sum(-here if here < after else here for here, after in zip(digits, [*digits[1:], 0], strict=True))


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


RULE = Rule(
    name="year-word",
    category="locale/date-format",
    severity=Severity.MINOR,
    find=find,
    confidence=0.93,
    must_flag=(
        Example("In 2014 year the school burned.", "In 2014 the school burned."),
        Example("On 7 August 2014 year he left.", "On 7 August 2014 he left."),
        Example("Art of the XIX century and the 90-ies.", "Art of the 19th century and the 90s."),
        Example("He took the 3-rd place at the 21-st game.", "He took the 3rd place at the 21st game."),
        Example("A 20-years-old man came.", "A 20-year-old man came."),
    ),
    must_pass=(
        "In 2014 the school burned.",
        "In the fiscal 2014 year they grew.",
        "In 2014 year-end sales rose.",
        "World War II ended in the 20th century.",
        "The F-15s of the 1990s flew.",
    ),
)
