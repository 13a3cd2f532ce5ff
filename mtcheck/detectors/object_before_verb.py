"""*The decree signed the governor*: the object before the verb, the subject after it.

What it flags
    ``The corresponding decree signed Governor Miklushevsky``, ``The bill supported 342 deputies``, ``The exhibition
    visited more than 485 thousand people``.

Why it reads as machine translation
    Russian endings tell who signs what, so the order is free; read as English, the decree signs the governor.

Example
    The decree signed the governor of the region.

Better
    The decree was signed by the governor of the region.

Known limits
    Only things that cannot do what the verb says, and people, offices or a number of people after it. The passive
    keeps the order of what is known and what is new.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_PAPER = (
    r"(?:decree|decrees|law|laws|bill|bills|document|documents|order|resolution|agreement|agreements|contract|"
    r"contracts|memorandum|protocol|decision|initiative|proposal|petition|amendments?|statement|letter|treaty|"
    r"declaration)"
)
_EVENT = (
    r"(?:exhibition|exhibitions|exposition|festival|match|concert|ceremony|rally|forum|museum|action|event|"
    r"events|game|championship|meeting|session|site|show|park|resort|film|opening)"
)
_OFFICE = (
    r"(?:(?:the )?(?:(?:Acting|acting|deputy|first|prime|Russian|Ukrainian|American|US|regional|former|current|"
    r"interim|foreign|finance) )*(?:[Pp]resident|[Mm]inister|[Gg]overnor|[Mm]ayor|head|heads|[Cc]hairman|"
    r"prime minister|leader|leaders|director|speaker|secretary|ministers|presidents|parties|deputies|senators|"
    r"members|experts|participants|voters|citizens|residents|inhabitants|guests|spectators|tourists|visitors|"
    r"[A-Z][\w’'-]+ [A-Z][\w’'-]+))\b"
)
_PEOPLE = (
    r"(?:(?:more than|about|over|almost|nearly|at least|around|some|only) )*\d[\d,.]*(?: (?:thousand|"
    r"million))? (?:people|persons|deputies|spectators|visitors|tourists|residents|fans|participants|senators|"
    r"members|voters|countries|citizens|guests|athletes|states|children|students)\b"
)
_OPENS = r"(?:^|(?<=[.!?;] )|(?<=[.!?][”\"] ))"
_THING = r"(?:The|A|An|This|These|Its|Such|His) (?:[a-z][\w’'-]* ){0,3}?"
_SIGNED = re.compile(
    rf"{_OPENS}{_THING}(?P<thing>{_PAPER})(?: (?:of|on|about) (?:the )?[\w’'-]+(?: (?!signed|was|"
    rf"were)[\w’'-]+){{0,3}}?)? (?:also |already |unanimously )?(?P<verb>signed|adopted|approved|prepared|"
    rf"supported|submitted|introduced|developed|"
    rf"published|ratified)(?= (?:{_OFFICE}|{_PEOPLE}))",
)
_VISITED = re.compile(
    rf"\b(?P<thing>{_EVENT})(?: (?:of|on|about|in) (?:the )?[\w’'-]+(?: (?!visited|was|"
    rf"were)[\w’'-]+){{0,3}}?)?,? "
    rf"(?P<verb>visited|attended)(?= (?:{_PEOPLE}|{_OFFICE}))",
)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the verb; the fix is its passive with *by*."""
    for pattern in (_SIGNED, _VISITED):
        for match in pattern.finditer(analysis.text):
            many = match["thing"].lower().endswith("s")
            better = f"{'were' if many else 'was'} {match['verb']} by"
            yield Flag(
                *match.span("verb"), "the object stands before the verb: English needs a passive here", (better,)
            )


RULE = Rule(
    name="object-before-verb",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example(
            "The decree signed the governor of the region.", "The decree was signed by the governor of the region."
        ),
        Example("The bill supported 342 deputies.", "The bill was supported by 342 deputies."),
        Example("The exhibition visited more than 400 people.", "The exhibition was visited by more than 400 people."),
    ),
    must_pass=(
        "The decree was signed by the governor.",
        "The president signed the decree.",
        "The agreement signed in May is in force.",
        "The documents prepared the way for talks.",
        "The man visited more than 400 people.",
    ),
    confidence=0.85,
)
