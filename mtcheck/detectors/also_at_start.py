"""*Also* as the first word, without a comma.

What it flags
    ``Also the ministry prepared ...``.

Why it reads as machine translation
    *Также* opens Russian sentences freely; English news puts *also* beside the verb.

Example
    Also the ministry prepared draft decrees.

Better
    The ministry also prepared draft decrees.

Known limits
    Only sentences whose subject and verb are plain to see get a ready wording. *Also on the agenda was ...* passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mtcheck.detectors.grammar import CLAUSE_WORDS, FINITE, capitalised, text_span
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_SUBJECT_STARTS = frozenset({"DT", "PRP", "NNP", "NNS", "PRP$", "NNPS"})
_BE_OR_MODAL = frozenset("is are was were am can could will would should must may might".split())
_HAVE = frozenset({"has", "have", "had"})
_MAX_SUBJECT = 10  # tokens: further on, the first finite verb may belong to another clause

_PASSIVE = re.compile(
    r"Also (?P<be>was|were|has been|have been|will be|is|are) (?P<done>[a-z]+(?:ed|own|ken|ven|ilt|ound|eld|ut)) "
    r"(?P<what>(?:the |a |an |about |more than |at least )?"
    r"(?P<count>\d[\d.,]*|two|three|four|five|six|seven|eight|nine|ten)? ?"
    r"(?:[\w’'-]+ ){0,3}?(?P<noun>[\w’'-]+)(?: and (?:[\w’'-]+ ){0,2}[\w’'-]+)?)"
    r"(?=[.,;]| (?:in|on|at|with|of|by|from|for|during)\b)"
)
_PLURAL = {"was": "were", "has been": "have been", "is": "are"}


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag *Also*, with its subject and verb when *also* can be moved."""
    doc = analysis.doc
    if turned := _PASSIVE.match(analysis.text):
        better = f"{capitalised(turned['what'])} {_agreeing(turned)} also {turned['done']}"
        yield Flag(*turned.span(), "English puts “also” and the verb after the subject", (better,))
        return
    if len(doc) < 6 or doc[0].text != "Also" or doc[1].tag_ not in _SUBJECT_STARTS:
        return
    message = "English puts “also” beside the verb, not before the subject"
    verb = _verb(doc)
    if verb is None:
        yield Flag(*text_span(doc, 0, 0), message, severity=Severity.NEUTRAL)
        return
    start, end = 0, text_span(doc, verb, verb)[1]
    subject = capitalised(analysis.text[doc[1].idx : doc[verb].idx].rstrip())
    word = doc[verb].text
    wording = f"{subject} {word} also" if _auxiliary(doc, verb) else f"{subject} also {word}"
    yield Flag(start, end, message, (wording,))


def _agreeing(turned: re.Match[str]) -> str:
    many = bool(turned["count"]) or " and " in turned["what"] or bool(re.search(r"[^s]s$|men$|people$", turned["noun"]))
    singular = {plural: one for one, plural in _PLURAL.items()}
    return (_PLURAL if many else singular).get(turned["be"], turned["be"])


def _auxiliary(doc: Any, verb: int) -> bool:
    word = doc[verb].lower_
    followed = verb + 1 < len(doc) and doc[verb + 1].tag_ == "VBN"
    return word in _BE_OR_MODAL or (word in _HAVE and followed)


def _verb(doc: Any) -> int | None:
    for token in doc[2 : _MAX_SUBJECT + 2]:
        if token.tag_ in FINITE:
            return int(token.i)
        if token.text in (",", ":", ";", "-") or token.tag_ in CLAUSE_WORDS:
            return None
    return None


RULE = Rule(
    name="also-at-start",
    category="style/unidiomatic",
    severity=Severity.MINOR,
    find=find,
    must_flag=(
        Example("Also the ministry prepared draft decrees.", "The ministry also prepared draft decrees."),
        Example("Also was destroyed three tanks and two cars.", "Three tanks and two cars were also destroyed."),
        Example("Also he has stated that he may miss the meeting.", "He has also stated that he may miss the meeting."),
    ),
    must_pass=("Also on the agenda was the budget.", "Also, the weather was bad that day.", "He also came with us."),
    confidence=0.85,
    needs=("parser",),
)
