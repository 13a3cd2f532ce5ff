"""*Told that* without anyone who was told.

What it flags
    ``He told that``, ``the minister informed that``, ``"...", told Ivanov``.

Why it reads as machine translation
    Russian *рассказал*, *сообщил*, *заверил* need no listener; English *tell*, *inform* and *assure* do.

Example
    The owner told that the prize caused a stir.

Better
    The owner said that the prize caused a stir.

Known limits
    *was told that* is good English; a passive far from its auxiliary may be flagged.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from mtcheck.detectors.grammar import NOUNS, QUOTES, text_span
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_BETTER = {
    "told": ("said",),
    "tells": ("says",),
    "informed": ("said", "reported"),
    "informs": ("says", "reports"),
    "notified": ("said", "reported"),
    "reminded": ("recalled", "pointed out"),
    "reminds": ("recalls", "points out"),
    "assured": ("gave an assurance", "said"),
    "assures": ("gives an assurance", "says"),
}
_LONGEST = 8
"""Tokens from a quotation to the verb at most."""
_OF_A_SPEAKER = NOUNS | {"DT", "JJ", "IN", "PRP", "PRP$", "POS", ",", ":", "HYPH", "NFP"}
_HELPERS = frozenset({"be", "have", "get"})


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the verb that lacks its listener."""
    doc = analysis.doc
    for verb in doc[1:]:
        if verb.lower_ not in _BETTER or verb.tag_ not in ("VBD", "VBZ", "VBN"):
            continue
        quotation = _closes_quotation(doc, verb.i)
        if quotation or _says_that(doc, verb.i):
            better = ("says" if verb.tag_ == "VBZ" else "said",) if quotation else _BETTER[verb.lower_]
            message = f"“{verb.text}” needs a listener: someone is told, informed, assured"
            yield Flag(*text_span(doc, verb.i, verb.i), message, better)


def _says_that(doc: Any, at: int) -> bool:
    if at + 2 >= len(doc) or doc[at + 1].lower_ != "that":
        return False
    if any(token.lemma_ in _HELPERS for token in doc[max(0, at - 4) : at]):
        return False
    if any(child.dep_ in ("auxpass", "aux") for child in doc[at].children):
        return False
    before = doc[at - 1]
    return before.tag_ in NOUNS or before.tag_ in ("PRP", "RB") or before.text == ","


def _closes_quotation(doc: Any, at: int) -> bool:
    """``"...", told Ivanov``, ``"...", Ivanov told.`` and ``"...", the head of the region told.``"""
    head = [token.text for token in doc[max(0, at - 3) : at] if not token.is_punct or token.text in QUOTES]
    after = doc[at + 1] if at + 1 < len(doc) else None
    if after is None or (doc[at].tag_ == "VBN" and any(t.lemma_ in _HELPERS for t in doc[max(0, at - 4) : at])):
        return False
    speaker = list(takewhile(lambda token: token.text not in QUOTES, reversed(doc[max(0, at - _LONGEST) : at])))
    quote_before = len(speaker) < min(at, _LONGEST) and all(token.tag_ in _OF_A_SPEAKER for token in speaker)
    name_then_end = doc[at - 1].tag_ in ("NNP", "NN", "PRP") and after.text in (".", ",") and quote_before
    verb_then_name = bool(head) and head[-1] in QUOTES and after.tag_ == "NNP" and _ends_after_name(doc, at + 1)
    return name_then_end or verb_then_name


def _ends_after_name(doc: Any, at: int) -> bool:
    while at < len(doc) and doc[at].tag_ == "NNP":
        at += 1
    return at == len(doc) or doc[at].text in (".", ",")


RULE = Rule(
    name="told-without-listener",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example(
            "The owner of the bench told that the prize caused a stir.",
            "The owner of the bench said that the prize caused a stir.",
        ),
        Example("Knowles informed that the case was closed.", "Knowles said that the case was closed."),
        Example("“It is over,” the head of the region told.", "“It is over,” the head of the region said."),
    ),
    must_pass=(
        "He was told that the case was closed.",
        "She told reporters that the case was closed.",
        "We have been informed that the flight is late.",
    ),
    confidence=0.95,
    needs=("parser",),
)
