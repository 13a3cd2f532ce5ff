"""A present tense with *since*, where English has the present perfect.

What it flags
    ``The conflict continues since 2011``, ``He works here since May``, ``The ban is in force since August 2014``.

Why it reads as machine translation
    Russian says what still goes on in the present tense (*конфликт продолжается с 2011 года*).

Example
    The armed conflict in Syria continues since March 2011.

Better
    The armed conflict in Syria has continued since March 2011.

Known limits
    Only verbs of state and duration, at most five words before *since*, and a date or year after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_PERFECT = {
    "continues": "has continued", "continue": "have continued", "lasts": "has lasted", "last": "have lasted",
    "works": "has worked", "work": "have worked", "lives": "has lived", "live": "have lived", "heads": "has headed",
    "leads": "has led", "holds": "has held", "serves": "has served", "operates": "has operated",
    "operate": "have operated", "exists": "has existed", "exist": "have existed", "remains": "has remained",
    "remain": "have remained", "plays": "has played", "owns": "has owned", "occupies": "has occupied",
    "goes on": "has gone on", "is being": "has been", "are being": "have been", "is": "has been", "are": "have been",
}  # fmt: skip
_DATE = (
    r"(?:the (?:beginning|end|start|middle|spring|summer|autumn|winter) of |(?:early|late|last) )?"
    r"(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)\b|(?:19|20)\d\d\b)"
)
_SINCE = re.compile(
    rf"(?<![\w’'”\"»)-])(?P<before>[\w’'”\"»)-]+) (?P<verb>{'|'.join(sorted(_PERFECT, key=len, reverse=True))})"
    rf"(?P<between>(?: (?!(?:was|were|had|has|have|which|who|that|and|but|is|are|the|a|an|\w+est)\b)[\w’'-]+"
    rf"| (?:the|a|an) (?!\w+est\b|only\b|first\b|most\b)[\w’'-]+){{0,4}}) since {_DATE}"
)
_NOT_BEFORE = frozenset(
    "to will would can could may might must should shall not it that this what there did does do the a his her their "
    "its an these those here and or".split()
)
_COMPARED = re.compile(
    r"\b(?:more|less|fewer|most|least|best|worst|first|second|third|fourth|fifth|only|\w{3,}er|up|down|back|ever|"
    r"time|times)\b"
)
_ALREADY = re.compile(r"\b(?:ago|years?|months?|has|have|passed)\b")


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the verb that stands in the present tense."""
    for match in _SINCE.finditer(analysis.text):
        verb, between = match["verb"], match["between"]
        if match["before"].lower() in _NOT_BEFORE or _ALREADY.search(between):
            continue
        if verb in ("is", "are") and (not between or _COMPARED.search(between)):
            continue
        if verb in ("live", "work", "last", "remain", "operate") and not match["before"].lower().endswith(
            ("s", "ey", "we", "people")
        ):
            continue
        yield Flag(*match.span("verb"), "what goes on since a date is in the present perfect", (_PERFECT[verb],))


RULE = Rule(
    name="present-with-since",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example(
            "The armed conflict in Syria continues since March 2011.",
            "The armed conflict in Syria has continued since March 2011.",
        ),
        Example("He heads the bank since 2013.", "He has headed the bank since 2013."),
        Example("The ban is in force since August 2014.", "The ban has been in force since August 2014."),
    ),
    must_pass=(
        "The conflict has continued since March 2011.",
        "It is the first win since 2011.",
        "Growth is slower since 2011.",
        "He will remain the head since May.",
        "Prices are up since January.",
    ),
    confidence=0.9,
)
