"""A bracketed note of the Russian editors in broken English.

What it flags
    ``[organization recognized in Russia is prohibited]``, ``(forbidden in the Russian Federation organization)``.

Why it reads as machine translation
    Russian law makes media mark banned organisations and “foreign agents” with a set formula. Its
    word order, translated literally, is not English; most editors abroad leave the note out.

Example
    He let “Jabhat al-Nusra” [organization recognized in Russia is prohibited] leave the city.

Better
    He let “Jabhat al-Nusra” [an organization banned in Russia] leave the city.

Known limits
    A well-formed note, such as *(an organization banned in Russia)*, is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_NOTE = re.compile(r"([\[(])([^\[\]()]{8,140})([\])])")
_GROUP = re.compile(
    r"\b(organi[sz]ations?|groups?|groupings?|movements?|agents?|media|structures?|associations?)\b", re.I
)
_BANNED = re.compile(
    r"\b(banned|prohibited|forbidden|outlawed|extremist|terrorist|undesirable|foreign agents?|included in the register|"
    r"recogni[sz]ed (?:as|in)|activit(?:y|ies))\b",
    re.I,
)
_RUSSIA = re.compile(r"\b(Russia|RF|Russian Federation)\b")
_SOUND = re.compile(
    r"(?:(?:an?|the) )?(?:[\w-]+ ){0,2}(?:organi[sz]ation|group|grouping|movement|association|structure)s? "
    r"(?:(?:that |which )?(?:is|are) )?"
    r"(?:banned|outlawed|prohibited|designated as (?:terrorist|extremist)) in (?:Russia|the Russian Federation)"
    r"|(?:is )?(?:banned|outlawed|prohibited|designated an? [\w -]+) in (?:Russia|the Russian Federation)",
    re.I,
)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the brackets and what they hold."""
    for match in _NOTE.finditer(analysis.text):
        note = match.group(2).strip()
        if not (_RUSSIA.search(note) and _BANNED.search(note)) or _SOUND.fullmatch(note):
            continue
        wording = _better(note)
        if wording is None:
            continue
        yield Flag(
            match.start(),
            match.end(),
            "a Russian legal note in broken English; English media word it shortly or leave it out",
            (f"{match.group(1)}{wording}{match.group(3)}",),
        )


def _better(note: str) -> str | None:
    if re.search(r"foreign agent", note, re.I):
        return "designated a foreign agent in Russia"
    group = _GROUP.search(note)
    if group is None:
        return None
    noun = group.group(1).lower()
    return (
        f"{noun} banned in Russia"
        if noun.endswith("s")
        else f"{'an' if noun[0] in 'aeiou' else 'a'} {noun} banned in Russia"
    )


RULE = Rule(
    name="bracketed-editorial-note",
    category="style/awkward",
    severity=Severity.MINOR,
    find=find,
    confidence=0.95,
    must_flag=(
        Example(
            "He let “Jabhat al-Nusra” [organization recognized in Russia is prohibited] leave the city.",
            "He let “Jabhat al-Nusra” [an organization banned in Russia] leave the city.",
        ),
        Example(
            "ISIS (the grouping is forbidden in the territory of the Russian Federation) retreated.",
            "ISIS (a grouping banned in Russia) retreated.",
        ),
    ),
    must_pass=(
        "ISIS (an organization banned in Russia) retreated.",
        "The drug (banned in Russia) was found.",
        "The law [on foreign investment in Russia] passed.",
    ),
)
