"""*Which* for a person.

What it flags
    ``the man which``, ``citizens, which live``, ``a daughter, which he called``.

Why it reads as machine translation
    Russian *который* is used of people and things alike.

Example
    Residents which refused to leave were arrested.

Better
    Residents who refused to leave were arrested.

Known limits
    *..., which* may sum up the whole clause (*he shot the man, which was a crime*): before such verbs it passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mtcheck.detectors.grammar import FINITE
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_PERSON = (
    "man|woman|person|people|president|minister|leader|director|chairman|deputy|deputies|coach|coaches|doctors?|"
    "teachers?|students?|officers?|soldiers?|men|women|children|child|boys?|girls?|citizens?|residents?|players?|"
    "athletes?|scientists?|experts?|actors?|actress|singers?|journalists?|officials?|employees?|workers?|drivers?|"
    "passengers?|victims?|friends?|relatives|mother|father|sons?|daughters?|husband|wife|writers?|politicians?|"
    "refugees|migrants|militants|fighters|terrorists?|tourists?|migrants?|parents|inhabitants|participants?|"
    "pupils?|patients?|lawyers?|policem[ae]n|neighbou?rs?|hostages?|colleagues?|businessm[ae]n"
)
_WHICH = re.compile(rf"\b(?P<person>{_PERSON})(?P<comma>,?) (?P<which>which)\b", re.I)
_SUMS_UP = frozenset(
    "is was means meant resulted results led leads caused causes can could would will may might makes made has had "
    "became becomes allows allowed helps helped you one in suggests suggested shows showed".split()
)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag *which* right after a noun for people."""
    for match in _WHICH.finditer(analysis.text):
        token = _token_at(analysis.doc, match.end("which"))
        if token is None or (match.group("comma") and token.lower_ in _SUMS_UP):
            continue
        better = "who" if token.tag_ in FINITE or token.tag_ in ("VBN", "RB") else "whom"
        yield Flag(*match.span("which"), f"people are “{better}”, not “which”", (better,))


def _token_at(doc: Any, end: int) -> Any:
    """The token that follows the one that ends at code point ``end``."""
    return next((token for token in doc if token.idx >= end), None)


RULE = Rule(
    name="person-which",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example("Residents which refused to leave were arrested.", "Residents who refused to leave were arrested."),
        Example("He lost a daughter, which he loved dearly.", "He lost a daughter, whom he loved dearly."),
    ),
    must_pass=("He shot the man, which is a crime.", "The law which the minister signed is new."),
    confidence=0.9,
    needs=("parser",),
)
