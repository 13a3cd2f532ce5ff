"""A Latin word with Cyrillic letters inside it that look the same.

What it flags
    ``Рutin`` with a Cyrillic *Р*, ``сompany`` with a Cyrillic *с*.

Why it reads as machine translation
    The letters come from the source or from a keyboard left in Russian; searches and spell checkers miss
    the word.

Example
    Рutin spoke.

Better
    Putin spoke.

Known limits
    Only letters with a Latin twin are repaired; a word with other Cyrillic letters is flagged without a fix.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_MIXED = re.compile(r"[A-Za-z\u0400-\u052f’']+")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LATIN = re.compile(r"[A-Za-z]")
_TWINS = str.maketrans("АВЕКМНОРСТУХІЅЈавекморстухіѕјё", "ABEKMHOPCTYXISJabekmopctyxisje")


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the word."""
    for match in _MIXED.finditer(analysis.text):
        word = match.group()
        if not (_CYRILLIC.search(word) and _LATIN.search(word)):
            continue
        better = word.translate(_TWINS)
        fixes = () if _CYRILLIC.search(better) else (better,)
        yield Flag(*match.span(), "Cyrillic letters in a Latin word", fixes)


RULE = Rule(
    name="mixed-script-word",
    category="fluency/character-encoding",
    severity=Severity.MAJOR,
    find=find,
    applicability=Applicability.SAFE,
    confidence=0.98,
    must_flag=(
        Example("Рutin spoke.", "Putin spoke."),
        Example("The сompany grew.", "The company grew."),
        Example("The izбirateli voted.", None),
    ),
    must_pass=("Putin spoke.", "The daily Известия spoke."),
)
