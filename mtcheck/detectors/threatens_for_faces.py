"""*To him threatens up to five years*, where English says that he *faces* them.

What it flags
    ``To the men threatens up to 12 years in prison``, ``him threatens a fine``, ``he is threatened with up to five
    years``.

Why it reads as machine translation
    *Ему грозит до пяти лет* makes the punishment the subject; English makes it the person.

Example
    To them threatens up to 12 years of imprisonment.

Better
    They face up to 12 years of imprisonment.

Known limits
    Only punishments: years, fines, prison, life imprisonment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.grammar import capitalised
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_PEOPLE = (
    r"(?:(?:officer|driver|attacker|robber|murderer|suspect|detainee|defendant|teenager|citizen|official|"
    r"criminal|offender)s?|man|men|woman|women|accused|arrested|detained|ex-[\w-]+|[A-Z][\w’'-]+)"
)
_PENALTY = (
    r"(?= (?:(?:up|till|until|from|a maximum of|to|about) )*(?:to )?(?:\d+|one|two|three|four|five|six|seven|"
    r"eight|nine|ten|twelve|fifteen|twenty)(?:[–-]\d+| to \d+)? (?:years?|months?)\b| (?:a |the )?(?:fine|"
    r"prison|imprisonment|jail|life imprisonment|life sentence|real term|death penalty|deprivation|"
    r"punishment)\b)"
)
_VERB = r"(?:threatens?|is threatened|threatened)"
_THEM = re.compile(rf"\b(?:to )?(?P<who>him|her|them) {_VERB}{_PENALTY}", re.I)
_TO = re.compile(
    rf"\b[Tt]o (?P<who>(?:(?:the|a|this|these|"
    rf"both) )?(?:[a-z][\w’'-]* ){{0,3}}?(?P<noun>{_PEOPLE})) {_VERB}{_PENALTY}"
)
_PASSIVE = re.compile(
    r"\b(?P<verb>is|are|was|were) (?:now )?(?P<wrong>threatened with|threatened by)(?= (?:up to |from |"
    r"a maximum of )?(?:\d+|two|three|four|five|six|seven|eight|nine|ten) years\b)"
)
_SUBJECT = {"him": "he", "her": "she", "them": "they"}
_MESSAGE = "a calque of грозит: in English a person “faces” a punishment"


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the person and the verb, in one."""
    for match in _THEM.finditer(analysis.text):
        who = match["who"].lower()
        yield _faces(match, _SUBJECT[who], many=who == "them")
    for match in _TO.finditer(analysis.text):
        yield _faces(match, match["who"], many=match["noun"].endswith(("s", "men")))
    for match in _PASSIVE.finditer(analysis.text):
        verb = {"is": "faces", "are": "face"}.get(match["verb"], "faced")
        yield Flag(*match.span(), _MESSAGE, (verb,))


def _faces(match: re.Match[str], who: str, *, many: bool) -> Flag:
    better = f"{who} {'face' if many else 'faces'}"
    return Flag(*match.span(), _MESSAGE, (capitalised(better) if match.group()[0].isupper() else better,))


RULE = Rule(
    name="threatens-for-faces",
    category="accuracy/mistranslation",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example("To them threatens up to 12 years of imprisonment.", "They face up to 12 years of imprisonment."),
        Example(
            "To the former official threatens up to 15 years in prison.",
            "The former official faces up to 15 years in prison.",
        ),
        Example("Now him threatens a fine.", "Now he faces a fine."),
        Example("He is threatened with up to 5 years in prison.", "He faces up to 5 years in prison."),
    ),
    must_pass=(
        "The war threatens the official.",
        "He threatened them with a fine.",
        "The company is threatened with closure.",
    ),
    confidence=0.9,
)
