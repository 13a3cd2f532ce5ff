"""*To the victims will be paid 10 thousand*: whom something is given to, before the verb and with *to*.

What it flags
    ``To the victims will be paid 10 thousand rubles``, ``To the winner was given a car``, ``To government forces resist
    the groups``.

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
_DONE = {"resist": "opposed by", "oppose": "opposed by", "help": "helped by", "assist": "helped by"}
_KNOWN = r"(?:them|him|her|(?:the|these|this|government|Syrian|Russian|Ukrainian) [\w’'-]+(?: [\w’'-]+)?)"
_ACTIVE = re.compile(
    rf"(?P<wrong>(?:^|(?<=[.!?] ))To (?P<who>{_KNOWN}) (?P<verb>resist|oppose|help|assist)s?)"
    r"(?= (?:the|a|an|groups|\d|[A-Z]))"
)
_MANY = re.compile(r"(?:[^s]s|men|people|children|all)$")
_SUBJECT = {"them": "they", "him": "he", "her": "she"}
_SINGULAR = {"were": "was", "are": "is", "have been": "has been"}
_PLURAL = {singular: plural for plural, singular in _SINGULAR.items()}


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the person and the verb; the fix makes the person the subject."""
    for match in _DATIVE.finditer(analysis.text):
        who, be = match["who"], match["be"]
        be = (_PLURAL if _many(who) else _SINGULAR).get(be, be)
        better = f"{capitalised(_SUBJECT.get(who.lower(), who))} {be} {match['given']}"
        yield Flag(*match.span("wrong"), "English makes the one who receives the subject", (better,))
    for match in _ACTIVE.finditer(analysis.text):
        who = _SUBJECT.get(match["who"].lower(), match["who"])
        better = f"{capitalised(who)} {'are' if _many(match['who']) else 'is'} {_DONE[match['verb']]}"
        yield Flag(*match.span("wrong"), "the object stands before the verb: English needs a passive here", (better,))


def _many(who: str) -> bool:
    head = who.split(" of ")[0].lower()
    return head == "them" or bool(_MANY.search(head))


RULE = Rule(
    name="dative-before-verb",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example("To the victims will be paid 10,000 rubles.", "The victims will be paid 10,000 rubles."),
        Example("To government forces resist the groups.", "Government forces are opposed by the groups."),
        Example("To them was offered a new flat.", "They were offered a new flat."),
        Example("To the winner of the race was given a car.", "The winner of the race was given a car."),
    ),
    must_pass=(
        "To the west was a river.",
        "To be paid is important.",
        "To help the groups is hard.",
        "To really help the groups is hard.",
        "To the victims this will be little help.",
        "The victims will be paid 10,000 rubles.",
    ),
    confidence=0.9,
)
