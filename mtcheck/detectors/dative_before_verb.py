"""*To the victims will be paid 10 thousand*: whom something is given to, before the verb and with *to*.

What it flags
    ``To the victims will be paid 10 thousand rubles``, ``To the winner was given a car``.

Why it reads as machine translation
    *Пострадавшим выплатят по 10 тысяч* opens with the person in the dative; English makes the person the subject.

Example
    To the victims will be paid 10,000 rubles.

Better
    The victims will be paid 10,000 rubles.

Known limits
    Only verbs that English lets a person be the subject of (*be paid*, *be given*, *be offered*), at the start of a
    sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.grammar import capitalised
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_PERSON = (
    r"(?P<who>(?:them|him|her|all|(?:the |all |these |those |many |both )?(?!(?:the|be|was|were|is|are|"
    r"will)\b)[\w’'-]+"
    r"(?: (?!(?:the|be|was|were|is|are|will|has|have|and)\b)[\w’'-]+){0,2}?"
    r"(?: of the (?:[\w’'-]+ )?[\w’'-]+)?))"
)
_GIVEN = r"(?:also |already )?(?:paid|given|offered|awarded|granted|shown|promised|handed|presented with|provided with)"
_DATIVE = re.compile(
    rf"(?P<wrong>(?:^|(?<=[.!?] ))To {_PERSON} (?P<be>will be|would be|was|were|is|are|has been|"
    rf"have been) (?P<given>{_GIVEN}))"
    r"(?= (?!to\b|by\b|for\b|in\b|on\b|at\b|,)[\w$€£])"
)
_MANY = re.compile(r"(?:[^s]s|men|people|children|all)$")
_SUBJECT = {"them": "they", "him": "he", "her": "she"}
_SINGULAR = {"were": "was", "are": "is", "have been": "has been"}
_PLURAL = {singular: plural for plural, singular in _SINGULAR.items()}


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the person and the verb; the fix makes the person the subject."""
    for match in _DATIVE.finditer(analysis.text):
        who, be = match["who"], match["be"]
        head = who.split(" of ")[0].lower()
        many = head == "them" or bool(_MANY.search(head))
        be = (_PLURAL if many else _SINGULAR).get(be, be)
        better = f"{capitalised(_SUBJECT.get(who.lower(), who))} {be} {match['given']}"
        yield Flag(*match.span("wrong"), "English makes the one who receives the subject", (better,))


RULE = Rule(
    name="dative-before-verb",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example("To the victims will be paid 10,000 rubles.", "The victims will be paid 10,000 rubles."),
        Example("To them was offered a new flat.", "They were offered a new flat."),
        Example("To the winner of the race was given a car.", "The winner of the race was given a car."),
    ),
    must_pass=(
        "To the west was a river.",
        "To be paid is important.",
        "To the victims this will be little help.",
        "The victims will be paid 10,000 rubles.",
    ),
    confidence=0.9,
)
