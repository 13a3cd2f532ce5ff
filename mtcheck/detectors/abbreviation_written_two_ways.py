"""An abbreviation with and without full stops in one article.

What it flags
    *U.S.* beside *US*, *U.N.* beside *UN*.

Why it reads as machine translation
    A system writes an abbreviation anew in every sentence.

Example
    The US agreed. The UN and U.S. officials met.

Better
    The US agreed. The UN and US officials met.

Known limits
    The way that is more frequent is proposed, of two as frequent the first. *USA* beside *US* is left alone: one may be
    the noun and the other the adjective. Initials of people are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mtcheck.detectors.drift import Mention, drift
from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag
from mtcheck.schema import Severity

_ABBREVIATION = re.compile(r"(?<![\w.&])(?:(?:[A-Z]\.){2,5}|[A-Z]{2,5})(?![\w&])")
_NAME_AFTER = re.compile(r"[ \u00a0]?[A-Z][a-z]+")
_WITH, _WITHOUT = "with full stops", "without full stops"


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag the mentions that are not in the article's own way."""
    dotted = {
        _letters(m.group()) for analysis in article for m in _ABBREVIATION.finditer(analysis.text) if "." in m.group()
    }
    if dotted:
        yield from drift(
            mention
            for index, analysis in enumerate(article)
            for mention in _mentions(index, analysis.text)
            if mention.thing in dotted
        )


def _mentions(index: int, text: str) -> Iterator[Mention]:
    for match in _ABBREVIATION.finditer(text):
        found, letters = match.group(), _letters(match.group())
        if text.isupper():
            continue
        ends = not text[match.end() :].strip("”\"»’')")
        with_stops = "".join(f"{letter}." for letter in letters)
        way = _WITH if "." in found else _WITHOUT
        yield Mention(index, *match.span(), way, ((_WITH, with_stops), (_WITHOUT, letters + "." * ends)), letters)


def _letters(abbreviation: str) -> str:
    return abbreviation.replace(".", "")


RULE = DocumentRule(
    name="abbreviation-written-two-ways",
    category="fluency/spelling",
    severity=Severity.MINOR,
    find_all=find_all,
    confidence=0.95,
    must_flag=(
        Example("The US agreed.\nThe UN and U.S. officials met.", "The US agreed.\nThe UN and US officials met."),
        Example(
            "The US agreed.\nThe US met.\nHe lives in the U.S.", "The US agreed.\nThe US met.\nHe lives in the US."
        ),
        Example("The U.N. agreed.\nThe U.N. met.\nThe UN left.", "The U.N. agreed.\nThe U.N. met.\nThe U.N. left."),
    ),
    must_pass=("The US agreed.\nThe USA met.", "The U.S. and the UN met.", "J.K. Rowling and the JKL."),
)
