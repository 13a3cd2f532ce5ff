"""A number that is not the one of the Russian source.

What it flags
    *2,500* where the source has ``2,5 млн``, *15 May* for ``16 мая``, *five* for ``шести``; a number in digits that the
    translation drops, and one that it adds.

Why it reads as machine translation
    A system copies most numbers, but stumbles over ``тыс.`` and ``млн``, the decimal comma, spaces between thousands,
    and numerals in words; nobody sees it from the English alone.

Example
    Salaries rose by 25 percent.

Better
    Salaries rose by 2.5 percent.

Known limits
    Values are compared, however they are written: digits, words, ``тыс.``, clock times, decades, ranges. Converted
    units (miles for kilometres) and rounded figures look like changed numbers. One and zero are not looked for.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction

from mtcheck.detectors.quantities import Quantity, english_quantities, russian_quantities, values_of
from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag
from mtcheck.detectors.source_facts import Pair, pairs
from mtcheck.schema import Severity

_CHANGED, _LOST, _ADDED = 0.9, 0.85, 0.85
_TRIVIAL = frozenset(map(Fraction, (0, 1)))
_MILLION = 1_000_000
_TIMES = re.compile(r"(?:-\w+)?\s+раза?\b")  # “fell 100 times” becomes “fell to 1 percent”


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag the English number that has no counterpart, or the place where one is missing."""
    for pair in pairs(article):
        for flag in _flags(pair):
            yield pair.place(flag)


def _flags(pair: Pair) -> Iterator[Flag]:
    russian, english = russian_quantities(pair.source), english_quantities(pair.text)
    said = values_of([*english, *(q for text in pair.around for q in english_quantities(text))])
    lost = _Lost([q for q in russian if _counts(q) and not q.agrees(said)])
    mentioned = values_of([*russian, *(q for text in pair.sources_around for q in russian_quantities(text))])
    for ours in (q for q in english if _counts(q) and not q.agrees(mentioned)):
        theirs = lost.take_partner(ours, pair)
        here = pair.text[ours.start : ours.end]
        if theirs:
            there = pair.source[theirs.start : theirs.end]
            yield Flag(
                ours.start, ours.end, f"“{here}” is “{there}” in the source", _english(theirs), confidence=_CHANGED
            )
        elif ours.written == "digits" and ours.bare:
            yield Flag(ours.start, ours.end, f"the source has no “{here}”", confidence=_ADDED)
    for theirs in lost.left("digits", bare=True):
        if not _TIMES.match(pair.source, theirs.end):
            span = pair.counterpart(theirs.start, theirs.end)
            there = pair.source[theirs.start : theirs.end]
            yield Flag(span.start, span.end, f"the source's “{there}” is missing", confidence=_LOST)


def _counts(quantity: Quantity) -> bool:
    return quantity.written != "loose" and quantity.values.isdisjoint(_TRIVIAL)


class _Lost:
    """The numbers of the source that the English has not, those that are written alike together."""

    def __init__(self, lost: Sequence[Quantity]) -> None:
        self._alike: defaultdict[tuple[str, bool], list[Quantity]] = defaultdict(list)
        for theirs in lost:
            self._alike[theirs.written, theirs.bare].append(theirs)

    def take_partner(self, ours: Quantity, pair: Pair) -> Quantity | None:
        """The one at the most similar place of the sentence; it is no longer lost."""
        alike = self._alike[ours.written, ours.bare]
        place, length = ours.start / max(1, len(pair.text)), len(pair.source)
        after = bisect_left(alike, place, key=lambda theirs: theirs.start / length)
        beside = [at for at in (after - 1, after) if 0 <= at < len(alike)]
        nearest = min(beside, key=lambda at: abs(alike[at].start / length - place), default=None)
        return None if nearest is None else alike.pop(nearest)

    def left(self, written: str, *, bare: bool) -> Sequence[Quantity]:
        """Those still lost that are written so."""
        return self._alike[written, bare]


def _english(theirs: Quantity) -> tuple[str, ...]:
    """The value as English writes it; () when the source may be read in several ways."""
    if len(theirs.values) != 1 or theirs.written != "digits":
        return ()
    (value,) = theirs.values
    for scale, word in ((10**9, "billion"), (_MILLION, "million")):
        if value >= scale:
            return (f"{_plain(value / scale)} {word}",)
    return (_plain(value),)


def _plain(value: Fraction) -> str:
    """A number in digits; four digits without a fraction may be a year and stay ungrouped."""
    text = f"{float(value):,.10g}"
    return text.replace(",", "") if re.fullmatch(r"[12],\d{3}", text) else text


RULE = DocumentRule(
    name="number-differs-from-source",
    category="accuracy/mistranslation",
    severity=Severity.MAJOR,
    find_all=find_all,
    confidence=_LOST,
    needs=("source",),
    must_flag=(
        Example(
            "Salaries rose by 25 percent.", "Salaries rose by 2.5 percent.", source="Зарплаты выросли на 2,5 процента."
        ),
        Example("About 1,200 people came.", "About 12,000 people came.", source="Пришло около 12 тыс. человек."),
        Example("It cost 12 million.", "It cost 1.2 billion.", source="Это стоило 1,2 млрд."),
        Example("Five people died.", None, source="Погибли шесть человек."),
        Example("He left in May.", None, source="Он уехал 16 мая."),
        Example("He left on 16 May 2014.", None, source="Он уехал 16 мая."),
    ),
    must_pass=(
        Example("About 12,500 people came.", source="Пришло около 12,5 тыс. человек."),
        Example("Two and a half million people came at 3 p.m.", source="В 15:00 пришло 2,5 млн человек."),
        Example("A dozen people in their twenties, both from the 1990s.", source="Дюжина 20-летних из 90-х."),
        Example("The 19-year-old took 10 to 15 thousand.", source="Девятнадцатилетний взял 10-15 тыс."),
        Example("In the 21st century it doubled.", source="В XXI веке это выросло в 2 раза."),
        Example(
            "COVID-19 has spread.\nIn 2020 it did.", source="Коронавирус распространился в 2020 году.\nЭто было так."
        ),
    ),
)
