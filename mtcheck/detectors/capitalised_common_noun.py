"""A common noun of office or institution with a capital in the middle of a sentence.

What it flags
    ``an independent Commission``, ``the Agency said``, ``the Deputy mayor``, ``the press Secretary``,
    ``in the East of Ukraine``, ``Northern Syria``.

Why it reads as machine translation
    Statistical systems learnt their capitals from documents of the United Nations and the European Union,
    which write ``the Agency`` and ``the Commission``; English news keeps capitals for names.

Example
    A Deputy head of an independent Commission flew to the East of Ukraine.

Better
    A deputy head of an independent commission flew to the east of Ukraine.

Known limits
    Some newspapers write *the Government* and *the President*: these, and nouns that a capital follows (*the
    Ministry of Defence*, *Director Ivanov*), are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_BODIES = (
    "Agency|Commission|Committee|Department|Corporation|Institute|University|Academy|Museum|Studio|Company|Airport|"
    "Hospital|Embassy|Mission|Ministry|Court|Bank|Foundation|Enterprise|Laboratory|Newspaper|Edition|Hotel|Plant|School"
)
_PEOPLE = (
    "Director|Professor|Governor|Deputy|Minister|Manager|Ambassador|Commander|Chairman|Secretary|Prosecutor|Mayor|Coach|"
    "Captain|Inspector|Analyst|Economist|Academician|Diplomat|Parliamentarian|Official|Spokesman"
)
_NOT_ITS_NAME = r"\b(?![’'-])(?! (?:(?:of|for|and|in) )?(?:the )?[A-Z“\"(\d])"
_AFTER_ADJECTIVE = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Tt]his|its|his|her|their|our|each|every) "
    r"(?:(?!(?:the|standing|select|joint|world|central|national|state|federal|supreme|general|week) )"
    r"[a-z][\w-]+ ){1,2}"
    rf"(?P<noun>(?:{_BODIES})(?! (?:of|proposals?|spokes\w+|officials?|to)\b)|"
    rf"(?:{_PEOPLE})(?! in [Cc]hief)){_NOT_ITS_NAME}"
)
_ALONE = re.compile(
    rf"(?<=[a-z,;] )(?:the|an?|this|its) (?P<noun>Agency|Director|Professor|Deputy|Commander|Mayor|"
    rf"Studio|Diplomat|Parliamentarian|Embassy|Manager){_NOT_ITS_NAME}"
)
_OFFICER = re.compile(
    r"(?<=[a-z,”\"] )(?P<noun>Deputy|Assistant|Acting)"
    r"(?= (?:head|mayor|commander|chairman|director|minister|governor|chief|speaker|"
    r"prosecutor|editor|dean|rector|captain|manager|secretary)\b)"
)
_PRESS = re.compile(r"\bpress[ -](?P<noun>Secretary|Service|Center|Centre|Office|Conference|Attache|Attaché)\b")
_PLURAL = re.compile(
    r"\b(?:defen[cs]e|foreign|finance|interior|energy|justice|prime|health|trade|economy) (?P<noun>Ministers)\b"
)
_SIDE = re.compile(
    r"(?<=\b[Tt]he )(?P<noun>(?:North|South)(?:-(?:East|West))?|East|West)"
    r"(?= of (?:the )?(?!England|France|Ireland)[A-Z])"
)
_REGION = re.compile(
    r"(?<=[a-z,] )(?P<noun>Eastern|Western|Northern|Southern|South-Eastern|South-eastern|Central)"
    r"(?= (?:Ukrain|Syria|Iraq|Libya|Afghan|Pakistan|Turk|Russia|Aleppo|Mosul|Donetsk|Donbas|Germany|France|Italy|"
    r"Spain|China|Japan|India|regions?\b|districts?\b|borders?\b|cities\b|parts?\b))"
)
_MESSAGE = "not a name here: English writes it in lower case"


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the capitalised word."""
    patterns = (_AFTER_ADJECTIVE, _ALONE, _OFFICER, _PRESS, _PLURAL, _SIDE, _REGION)
    found = {match.span("noun") for pattern in patterns for match in pattern.finditer(analysis.text)}
    for start, end in sorted(found):
        yield Flag(start, end, _MESSAGE, (analysis.text[start:end].lower(),))


RULE = Rule(
    name="capitalised-common-noun",
    category="fluency/spelling",
    severity=Severity.MINOR,
    find=find,
    must_flag=(
        Example("He headed an independent Commission.", "He headed an independent commission."),
        Example("On Friday the Deputy mayor flew there.", "On Friday the deputy mayor flew there."),
        Example("This was reported by the Agency on Monday.", "This was reported by the agency on Monday."),
        Example("He is press Secretary of the ministry.", "He is press secretary of the ministry."),
        Example("The defence Ministers of the bloc met.", "The defence ministers of the bloc met."),
        Example("They fought in the East of Ukraine.", "They fought in the east of Ukraine."),
        Example("They fought in Eastern Ukraine.", "They fought in eastern Ukraine."),
    ),
    must_pass=(
        "The Commission of the European Union met.",
        "Farm ministers met the Commission.",
        "He works at the new Ministry of Defence.",
        "The Agency for Atomic Energy said so.",
        "The Council of Ministers met.",
        "He met Deputy Prime Minister Dmitry Rogozin.",
        "He studied at the Moscow State University.",
        "The conflict between the East and the West goes on.",
    ),
    confidence=0.85,
)
