"""*…, that allowed to avoid queues*: a comma and *that* where English says *which*.

What it flags
    ``the pressure is 743 millimeters, that is below the norm``, ``tickets can be bought online, that will allow
    visitors to
    avoid queues``.

Why it reads as machine translation
    *, что позволит* refers to the whole clause before it; English opens such a clause with *which*, never with
    *that*.

Example
    Tickets are sold online, that will help visitors.

Better
    Tickets are sold online, which will help visitors.

Known limits
    Only verbs that comment on what was said before (*allow*, *lead*, *become*, *mean*), and comparisons with a
    number or
    level. *If you want, that is fine* passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_COMMENT = (
    r"(?:also |already |only |in turn |now )?(?:(?:will|would|can|could|may|should) )?(?:allow(?:s|ed)?|led|"
    r"leads?|cause[sd]?|result(?:s|ed)? in|bec(?:a|o)mes?|mean[st]?|confirm(?:s|ed)|contradicts?|corresponds?|"
    r"exceed(?:s|ed)|testif(?:y|ies|ied)|indicates?|speaks?|provok(?:es|ed)|caus(?:es|ed)|complicat(?:es|ed)|"
    r"makes? it|made it|gave|gives|enable[sd]?|help(?:s|ed)?|affect(?:s|ed)|is explained|is connected|"
    r"was caused)\b"
)
_LEVEL = (
    r"(?:is|was|are|were|will be) (?:(?:by |on |almost |nearly |more than |about )?[\d.,]+ ?(?:%|percent|"
    r"per cent|times|degrees|points|rubles|dollars|kopecks) )?(?:below|above|more than|less than|higher|lower|"
    r"close to)\b"
)
_THAT = re.compile(rf"(?P<before>[\w%)”\"’-]), (?P<wrong>that) (?={_COMMENT}|{_LEVEL})")
_SUBORDINATE = re.compile(
    r"^[\"“]?(?:if|when|while|after|before|as|since|because|although|though|but|and|so|well|yes|no|then|once|"
    r"even|despite|"
    r"until|unlike|however|or|given|compared|according)\b",
    re.I,
)
_ADVERBIAL = re.compile(
    r"^[\"“]?(?:for|in|at|on|by|with|to|of|from)\b(?!.*\b(?:is|are|was|were|has|have|had|will|can)\b)", re.I
)
_SAID = re.compile(r"\b(?:said|says|told|added|stated|noted|reported|believes?|thinks?|know[sn]?)[^,]*$")


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag *that*."""
    text = analysis.text
    for match in _THAT.finditer(text):
        clause = text[: match.end("before")]
        tail = clause[clause.rfind(",") + 1 :]
        tail = re.split(r"[.;:!?–—] ", tail)[-1].strip()
        if _SUBORDINATE.search(tail) or _ADVERBIAL.search(tail) or len(tail.split()) < 4 or _SAID.search(tail):
            continue
        yield Flag(*match.span("wrong"), "after a comma English says “which”", ("which",))


RULE = Rule(
    name="that-for-which",
    category="fluency/grammar",
    severity=Severity.MINOR,
    find=find,
    must_flag=(
        Example(
            "Tickets are sold online, that will help visitors.", "Tickets are sold online, which will help visitors."
        ),
        Example(
            "The pressure will be 743 millimeters, that is below the norm.",
            "The pressure will be 743 millimeters, which is below the norm.",
        ),
    ),
    must_pass=(
        "If the price falls, that will help visitors.",
        "In the past year of war, that led to losses.",
        "The museum, he said, that will help visitors.",
        "The price, that is, the whole cost, fell.",
        "He said, that will help visitors.",
    ),
    confidence=0.9,
)
