"""The name of an institution with only some of its words capitalised.

What it flags
    ``UN security Council``, ``the Russian foreign Ministry``, ``state Duma``, ``Ministry of defence``; and
    ``Security council`` in a document that elsewhere writes ``Security Council``.

Why it reads as machine translation
    Russian capitalises only the first word of such names, or none; the system raises a word here and
    there. English capitalises every full word of the name.

Example
    He spoke of UN security Council resolutions.

Better
    He spoke of UN Security Council resolutions.

Known limits
    *Security council* alone is the style of some newspapers, so it is flagged only as an inconsistency. Names
    written all in lower case (*central bank*) are left alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from mtcheck.detectors.phrase_table import table_lines
from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag
from mtcheck.schema import Applicability, Severity

# Others may be no name at all: *the general Committee study*, *the federal Department of Health*.
_SURELY_A_NAME = re.compile(r".*\b(?:Ministry|[Ss]ecurity Council|[Ss]tate Duma)$|Ministry of ")
_MESSAGE = "only part of the name is capitalised"


@cache
def _words(role: str) -> frozenset[str]:
    return frozenset(word for kind, words in table_lines("institutions.tsv") if kind == role for word in words.split())


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    modifiers = "|".join(sorted(_words("modifier")))
    modifiers_raised = "|".join(sorted(word.capitalize() for word in _words("modifier")))
    heads = "|".join(sorted(_words("head")))
    portfolio = "|".join(sorted(_words("portfolio")))
    half = re.compile(rf"(?<![-\w])(?:(?:{modifiers}) ){{1,6}}(?:{heads})(?![-\w])")
    reverse = re.compile(rf"(?<=[\w,] )(?:{modifiers_raised}) (?:{heads.lower()})(?![-\w])")
    ministry = re.compile(
        rf"(?<![-\w])(?:ministry|department)(?: of(?: the)?)(?: (?:{portfolio}|and)){{1,12}}(?<! and)(?![-\w])", re.I
    )
    return half, reverse, ministry


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag the words of the name, capitalised in the fix."""
    half, reverse, ministry = _patterns()
    whole = Counter(phrase for analysis in article for phrase in _whole_names(analysis.text))
    for index, analysis in enumerate(article):
        for match in half.finditer(analysis.text):
            if not match.group().endswith("state Department"):  # a department of one of the states
                sure = Applicability.SAFE if _SURELY_A_NAME.match(match.group()) else Applicability.REVIEW
                yield index, Flag(*match.span(), _MESSAGE, (_raised(match.group()),), sure)
        for match in reverse.finditer(analysis.text):
            if whole[_raised(match.group())]:
                yield index, Flag(*match.span(), f"{_MESSAGE}, unlike elsewhere here", (_raised(match.group()),))
        for match in ministry.finditer(analysis.text):
            name = match.group()
            parts = [word for word in name.split() if word not in ("of", "the", "and")]
            raised = sum(word[0].isupper() for word in parts)
            opens = match.start() == 0 and raised == 1
            if 0 < raised < len(parts) and not opens:
                sure = Applicability.SAFE if _SURELY_A_NAME.match(name) else Applicability.REVIEW
                yield index, Flag(*match.span(), _MESSAGE, (_raised(name),), sure)


def _whole_names(text: str) -> Iterator[str]:
    for match in re.finditer(r"\b(?=([A-Z][a-z]+ [A-Z][a-z]+)\b)", text):
        yield match.group(1)


def _raised(name: str) -> str:
    return " ".join(word if word in ("of", "the", "and") else word.capitalize() for word in name.split())


RULE = DocumentRule(
    name="half-capitalised-institution",
    category="fluency/spelling",
    severity=Severity.MINOR,
    find_all=find_all,
    confidence=0.95,
    must_flag=(
        Example("He spoke of UN security Council resolutions.", "He spoke of UN Security Council resolutions."),
        Example("The website of the Russian foreign Ministry.", "The website of the Russian Foreign Ministry."),
        Example("The federal security Service said so.", "The Federal Security Service said so."),
        Example("An officer of the ministry of Defence.", "An officer of the Ministry of Defence."),
        Example("At the Ministry of internal affairs they know.", "At the Ministry of Internal Affairs they know."),
        Example(
            "The Security Council met.\nIn the Security council they met.",
            "The Security Council met.\nIn the Security Council they met.",
        ),
    ),
    must_pass=(
        "The UN Security Council met.",
        "The UN Security council met.",
        "The central bank and the security council met.",
        "The ministry of defence said so.",
        "The state of Council Bluffs.",
    ),
)
