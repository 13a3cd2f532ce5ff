"""*In the ministry said that*: who speaks hidden behind a preposition.

What it flags
    ``In the Central Bank agree that``, ``At the same time, in the Kremlin noted that``, ``“...”, told in the
    Department``, ``as reported in the regional administration``.

Why it reads as machine translation
    *В министерстве сообщили* leaves out *they* and says where they are; English makes the ministry itself speak.

Example
    In the Foreign Ministry recalled that the talks had failed.

Better
    The Foreign Ministry recalled that the talks had failed.

Known limits
    A body is known by its noun (*ministry*, *bank*, *party*), and a capital stands for its government only where the
    verb follows at once. *As reported in the newspaper* is good English and passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.grammar import capitalised
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_BODY = (
    r"(?:[Mm]inistry|[Dd]epartment|[Cc]ommittee|[Cc]ommission|[Bb]ank|Kremlin|Duma|Rada|[Cc]abinet|"
    r"[Gg]overnment|[Pp]arty|[Cc]ouncil|[Aa]gency|[Cc]orporation|[Cc]ompany|[Ff]ederation|[Uu]nion|"
    r"[Aa]dministration|[Ee]mbassy|[Pp]arliament|Pentagon|NATO|OSCE|UN|EU|WADA|FSB|Roscosmos|Rosstat|Gazprom|"
    r"[Hh]eadquarters|White [Hh]ouse|[Pp]ress[ -](?:service|center|centre|office)|[Pp]rosecutor['’]s [Oo]ffice|"
    r"[Mm]ayor['’]s [Oo]ffice)"
)
_WORD = r"(?!(?:the|an?|his|her|their|this|that|these|it|he|she|they|who|which|early|late|\d+)\b)[\w’'-]+"
_NOT_A_DATE = (
    r"(?!(?:January|February|March|April|May|June|July|August|September|October|November|December|spring|summer|"
    r"autumn|winter|\w+day)\b)"
)
_CHAIN = rf"(?: (?:of|for|on|and) (?:the )?{_WORD}(?: {_WORD}){{0,3}}?){{0,3}}?"
_SPEAKER = rf"(?P<who>{_NOT_A_DATE}(?:the )?(?:{_WORD} ){{0,4}}?{_BODY}{_CHAIN})"
_CAPITAL = (
    r"(?:Moscow|Kiev|Washington|Ankara|Damascus|Brussels|Berlin|Paris|London|Beijing|Tehran|Minsk|Warsaw|Tokyo|"
    r"Seoul|Pyongyang|Riga|Vilnius|Tallinn|Tbilisi|Baku|Yerevan|Astana|Russia|Ukraine|Turkey)"
)
_SINGULAR = {
    "believe": "believes", "consider": "believes", "think": "thinks", "expect": "expects", "hope": "hopes",
    "agree": "agrees", "insist": "insists", "claim": "claims", "say": "says", "do not": "does not", "fear": "fears",
    "suggest": "suggests", "propose": "proposes", "admit": "admits", "note": "notes", "stress": "stresses",
    "emphasize": "emphasizes", "promise": "promises", "plan": "plans", "know": "knows", "understand": "understands",
}  # fmt: skip
_PAST = {
    "told": "said", "informed": "said", "declared": "said", "considered": "believed",
    **{verb: verb for verb in (
        "said", "stated", "noted", "added", "stressed", "emphasized", "emphasised", "explained", "reported", "recalled",
        "confirmed", "denied", "promised", "specified", "claimed", "assured", "announced", "warned", "believed",
        "clarified", "admitted", "commented", "underlined", "did not",
    )},
}  # fmt: skip
_VERB = rf"(?P<verb>{'|'.join((*_SINGULAR, *_PAST))})"
_OPENS = (
    r"(?P<opens>(?:^|(?<=[.!?] )|(?<=[.!?][”\"] ))(?:(?P<opener>[A-Z][^,.;“”\"]{2,30}), |"
    r"(?P<link>At the same time|Meanwhile|In turn|Earlier|Also|However|Besides|Moreover|Then|Later|Thus|"
    r"In addition) )?)"
)
_FIRST = re.compile(
    rf"{_OPENS}(?P<wrong>(?:In|in|At|at) (?:{_SPEAKER}|(?P<capital>{_CAPITAL})) (?P<also>(?:also|repeatedly|"
    rf"already|earlier) )?{_VERB})(?= (?:that|about|on the|the|not|to|rule|exclude|comment|with)\b|, that\b)"
)
_LAST = re.compile(rf"(?<=[”\",–—-]) (?P<wrong>(?P<verb>{'|'.join(_PAST)}) (?:in|at) {_SPEAKER})(?=[.,;]|$)")
_MEDIUM = (
    r"(?P<medium>(?:the )?(?:journalists|reporters|agency)|TASS|RIA Novosti|RIA|Interfax|Reuters|RBC|Izvestia|"
    r"[“\"«][^“”\"«»]{2,30}[”\"»])"
)
_TOLD = re.compile(
    rf"(?P<wrong>, (?:told|reported|said|"
    rf"informed)(?P<when> on \w+day)? (?:to )?{_MEDIUM}(?P<late> on \w+day)? (?:in|at) {_SPEAKER})(?=[.;]|$)"
)
_AS = re.compile(rf"\b(?P<wrong>(?P<as>[Aa]s) (?:was )?(?P<verb>{'|'.join(_PAST)}) (?:in|at) {_SPEAKER})(?=,)")
_OBJECT = re.compile(
    rf"(?P<wrong>\b(?:In|At) {_SPEAKER} (?P<what>this (?:information|report|data|fact)|"
    rf"the information) (?P<verb>confirmed|denied|refuted))(?=[.,]|$)"
)
_MESSAGE = "English makes whoever is “in” there the one who speaks"


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the preposition, the body and the verb; the fix makes the body the subject."""
    for match in _FIRST.finditer(analysis.text):
        who = match["who"] or match["capital"]
        verb = _SINGULAR.get(match["verb"]) or _PAST[match["verb"]]
        better = f"{who} {match['also'] or ''}{verb}"
        yield Flag(
            *match.span("wrong"), _MESSAGE, (better if match["opener"] or match["link"] else capitalised(better),)
        )
    for match in _LAST.finditer(analysis.text):
        yield Flag(*match.span("wrong"), _MESSAGE, (f"{match['who']} {_PAST[match['verb']]}",))
    for match in _TOLD.finditer(analysis.text):
        when = match["when"] or match["late"] or ""
        yield Flag(*match.span("wrong"), _MESSAGE, (f", {match['who']} told {match['medium']}{when}",))
    for match in _OBJECT.finditer(analysis.text):
        yield Flag(*match.span("wrong"), _MESSAGE, (f"{capitalised(match['who'])} {match['verb']} {match['what']}",))
    for match in _AS.finditer(analysis.text):
        yield Flag(*match.span("wrong"), _MESSAGE, (f"{match['as']} {match['who']} {_PAST[match['verb']]}",))


RULE = Rule(
    name="in-before-speaker",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example(
            "In the Foreign Ministry recalled that the talks had failed.",
            "The Foreign Ministry recalled that the talks had failed.",
        ),
        Example(
            "Meanwhile, in the Socialist Party consider that fines will not help.",
            "Meanwhile, the Socialist Party believes that fines will not help.",
        ),
        Example(
            "In the Kremlin commented on the words of the general.",
            "The Kremlin commented on the words of the general.",
        ),
        Example(
            "Four people died, told RIA Novosti in the regional department of the ministry.",
            "Four people died, the regional department of the ministry told RIA Novosti.",
        ),
        Example(
            "At the same time in the Ministry of Trade specified that the plant is open.",
            "At the same time the Ministry of Trade specified that the plant is open.",
        ),
        Example(
            "In the Ministry of Energy this information confirmed.",
            "The Ministry of Energy confirmed this information.",
        ),
        Example("In Ankara do not exclude a new meeting.", "Ankara does not exclude a new meeting."),
        Example(
            "“The number of fires has grown,” told in the press service of the ministry.",
            "“The number of fires has grown,” the press service of the ministry said.",
        ),
        Example(
            "As reported in the regional administration, nobody was hurt.",
            "As the regional administration reported, nobody was hurt.",
        ),
    ),
    must_pass=(
        "In the ministry he said that the talks had failed.",
        "A source in the Foreign Ministry said that the talks had failed.",
        "As reported in the newspaper, nobody was hurt.",
        "In Moscow the minister said that the talks had failed.",
        "In an interview the head of the bank said that rates would fall.",
        "In June company officials said that rates would fall.",
        "In June the company said that rates would fall.",
    ),
    confidence=0.9,
)
