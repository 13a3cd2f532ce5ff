"""A source named after its verb: *About this informs TASS*, *As reported Interfax*.

What it flags
    ``About this reports RIA Novosti``, ``This writes “Kommersant”``, ``This was reported TASS``, ``As informed the
    press service of the ministry``.

Why it reads as machine translation
    *Об этом сообщает ТАСС* and *как сообщил «Интерфакс»* put the verb first; English says *TASS reported this* and
    *as Interfax reported*.

Example
    About this informs RIA Novosti on Thursday.

Better
    RIA Novosti reported this on Thursday.

Known limits
    Whoever speaks must be a name, a name in quotation marks, or open with an article; where it ends is guessed from
    the
    word or mark that follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.grammar import capitalised
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_PAST = {
    "inform": "reported", "informs": "reported", "informed": "reported", "reports": "reported", "report": "reported",
    "transmits": "reported", "transfers": "reported", "passes": "reported", "writes": "wrote", "write": "wrote",
    "says": "said", "tells": "said", "told": "said", "states": "said", "stated": "said", "declares": "said",
    "declared": "said", "announces": "announced", "notes": "noted", "specifies": "specified", "speaks": "said",
    "spoke": "said", "testify": "showed", "testifies": "showed", "explains": "explained", "emphasizes": "emphasized",
    "considers": "believed", "believes": "believed", "clarified": "explained", "underlined": "stressed",
}  # fmt: skip
_SAID = (
    *_PAST,
    "reported",
    "wrote",
    "said",
    "announced",
    "noted",
    "specified",
    "explained",
    "stressed",
    "emphasized",
    "added",
)
_VERB = rf"(?P<verb>{'|'.join(_SAID)})"
_DAYS = (
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|"
    r"November|December"
)
_NAME = (
    rf"(?P<who>[\"“«][^\"“”«»\n]{{2,40}}[\"”»]|(?:the |a |an |his |her |its )?(?!(?:{_DAYS})\b)[A-Z][\w&’'-]*"
    r"(?: (?:of |the |of the |for )?[A-Z][\w&’'-]*){0,6}|(?:the|a|an|his|her) [a-z][\w’'-]*"
    r"(?: (?!on\b|in\b|with\b|at\b|during\b|citing\b|that\b)[\w’'-]+){0,7})"
)
_WHOM = (
    r"(?:to )?(?:(?P<whom>(?:the )?(?:journalists|reporters|correspondents|media)|"
    r"(?:(?:the )?(?:press|newspaper|agency)|RIA Novosti|TASS|Interfax|Reuters)(?= (?:the|a|an|his)\b)) )?"
)
_END = r"(?=[,.;]| (?:on|in|with|at|during|citing|late|early|today|yesterday)\b|$)"
_WHEN = rf"(?:(?P<when>on (?:{_DAYS})(?: morning| evening)?|today|yesterday|earlier) )?"
_ABOUT = re.compile(
    rf"\b(?P<opens>About|about|Of|On) (?:this|it|that) {_WHEN}(?P<also>also )?{_VERB} (?P<late>on (?:{_DAYS}) |"
    rf"today |yesterday )?(?:by )?"
    rf"{_WHOM}{_NAME}(?P<region> (?:in|for) (?:the )?[A-Z][\w-]+ (?:region|oblast|territory|republic|district|krai))?"
    rf"{_END}"
)
_MEDIUM = (
    r"[\"“«][^\"“”«»\n]{2,40}[\"”»]|TASS|Interfax|RIA Novosti|Reuters|Izvestia|Kommersant|Vedomosti|Gazeta\.ru|"
    r"Lenta\.ru|RBC"
)
_LONG_NAME = r"(?:the|a|an|his|her) [a-z][\w’'-]*(?: (?!on\b|in\b|with\b|at\b|that\b)[\w’'-]+){0,14}"
_TO_MEDIUM = re.compile(
    rf"\b(?P<opens>About|about|On|Of) (?:this|it) (?:to )?(?P<medium>{_MEDIUM}) "
    rf"(?:was |were )?(?:reported|told|said|informed|stated|announced) (?:by |in )?(?P<who>{_LONG_NAME}){_END}"
)
_THIS = re.compile(rf"^(?P<opens>This)(?P<also> also)? (?P<verb>writes|informs|transmits|tells) {_NAME}{_END}")
_PASSIVE = re.compile(
    rf"^(?P<opens>This)(?P<also> also)? (?:is|was) (?P<verb>reported|told|stated|announced|informed|"
    rf"said) {_NAME}{_END}"
)
_AS = re.compile(rf"\b(?P<opens>As|as) (?P<also>also )?{_VERB} {_NAME}(?=,| (?:with|on|citing)\b)")
_AS_LONG = re.compile(
    rf"\b(?P<opens>As|as) (?P<also>also )?{_VERB} "
    r"(?P<who>(?:the|a|his|her) [a-z][\w’'-]*(?: (?!with\b|citing\b|that\b|in\b|at\b)[\w’'-]+){0,14})(?=,)"
)
_AFTER = re.compile(rf", (?P<verb>transmits|transfers|informs|communicates) {_NAME}(?=[.;]|$)")
_QUOTED = re.compile(
    r"(?P<comma>,)?(?P<quote>[”\"])(?: ?[,–—-]+)? (?:quotes|leads|cites|quoted) (?P<whose>his|her|their) words "
    rf"(?P<who>(?:the )?(?:agency|newspaper|publication|edition|channel|portal|site)(?: {_MEDIUM}| [A-Z][\w-]+)?|"
    rf"{_MEDIUM})"
)
_OFFICE = (
    r"(?:head|chief|minister|secretary|director|representative|spokesperson|spokesman|spokeswoman|chairman|deputy|governor|"
    r"lawyer|leader|president|source|interlocutor|employee|expert|analyst|service|assistant|adviser|ambassador|coach|mayor)"
)
_NO_VERB = (
    r"(?:(?!(?:on|in|with|at|that|was|were|is|are|had|has|have|will|would|could|should|did|wanted|said|expects?|plans?)\b)"
    r"[\w’'-]+ ?)"
)
_SPEAKER = rf"(?P<who>(?:the|a|an|his|its) {_NO_VERB}{{0,4}}?{_OFFICE}\b(?: {_NO_VERB}{{1,10}})?)(?=[.;]|$)"
_SPOKE_TO = re.compile(
    rf", (?:told|reported|said|informed|stated|declared)(?P<when> on (?:{_DAYS}))? (?:to )?"
    rf"(?P<whom>(?:the )?(?:journalists|reporters|agency)|{_MEDIUM})(?P<late> on (?:{_DAYS}))? {_SPEAKER}"
)
_DAY = re.compile(rf", (?:reported|reports|informed|told) (?P<when>on (?:{_DAYS})) {_SPEAKER}")
_TOLD_WHOM = re.compile(
    r"(?<=[”\"] )told (?P<who>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*|he|she) "
    r"(?:to )?(?P<whom>(?:the )?(?:journalists|reporters|correspondents))\b"
)
_TOLD_THERE = re.compile(r" (?:in|at) (?:the|a)\b")
_MESSAGE = "English names the speaker before the verb"


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the clause from its first word to the end of the name, with the order turned round."""
    text = analysis.text
    for match in _TO_MEDIUM.finditer(text):
        who = capitalised(match["who"]) if match["opens"][0].isupper() else match["who"]
        yield Flag(*match.span(), _MESSAGE, (f"{who} told {match['medium']} about this",))
    for match in _AFTER.finditer(text):
        yield Flag(*match.span(), _MESSAGE, (f", {match['who']} reported",))
    for match in _QUOTED.finditer(text):
        whom = {"his": "him", "her": "her", "their": "them"}[match["whose"]]
        yield Flag(*match.span(), _MESSAGE, (f",{match['quote']} {match['who']} quotes {whom} as saying",))
    for match in _SPOKE_TO.finditer(text):
        when = match["when"] or match["late"] or ""
        yield Flag(*match.span(), _MESSAGE, (f", {match['who']} told {match['whom']}{when}",))
    for match in _DAY.finditer(text):
        yield Flag(*match.span(), _MESSAGE, (f", {match['who']} reported {match['when']}",))
    for match in _TOLD_WHOM.finditer(text):
        yield Flag(*match.span(), _MESSAGE, (f"{match['who']} told {match['whom']}",))
    long = {match.start() for match in _AS_LONG.finditer(text)}
    for pattern in (_ABOUT, _THIS, _PASSIVE, _AS, _AS_LONG):
        for match in pattern.finditer(text):
            if pattern is _AS and match.start() in long:
                continue
            who = match["who"] + (match.groupdict().get("region") or "")
            also = (match["also"] or "").strip()
            verb = " ".join(filter(None, (also, _PAST.get(match["verb"], match["verb"]))))
            at = match.groupdict().get("when") or (match.groupdict().get("late") or "").strip()
            when = f" {at}" if at else ""
            if match.groupdict().get("whom"):
                yield Flag(*match.span(), _MESSAGE, (f"{capitalised(who)} told {match['whom']} about this{when}",))
            elif pattern is not _AS and _TOLD_THERE.match(text, match.end()):
                yield Flag(*match.span(), _MESSAGE)  # the press service may have told the agency
            elif pattern in (_AS, _AS_LONG):
                yield Flag(*match.span(), _MESSAGE, (f"{match['opens']} {who} {verb}",))
            else:
                opens = match["opens"][0].isupper()
                yield Flag(*match.span(), _MESSAGE, (f"{capitalised(who) if opens else who} {verb} this{when}",))


RULE = Rule(
    name="inverted-reporting",
    category="style/unidiomatic",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example("About this informs RIA Novosti on Thursday.", "RIA Novosti reported this on Thursday."),
        Example(
            "About this reported the press service of the ministry.", "The press service of the ministry reported this."
        ),
        Example(
            "About it told journalists the assistant of the president.",
            "The assistant of the president told journalists about this.",
        ),
        Example(
            "On this “Interfax” reported the head of the press service of the ministry Ivan Petrov.",
            "The head of the press service of the ministry Ivan Petrov told “Interfax” about this.",
        ),
        Example(
            "This writes “Kommersant” with reference to sources.", "“Kommersant” wrote this with reference to sources."
        ),
        Example("This was reported TASS on Monday.", "TASS reported this on Monday."),
        Example("This was reported TASS in the press service of the ministry.", None),
        Example(
            "About this on Monday stated Russian Energy Minister Ivan Petrov.",
            "Russian Energy Minister Ivan Petrov said this on Monday.",
        ),
        Example(
            "The plant was closed, reported to TASS the head of the ministry Ivan Petrov.",
            "The plant was closed, the head of the ministry Ivan Petrov told TASS.",
        ),
        Example(
            "The tests began, reported on Tuesday the press service of the plant.",
            "The tests began, the press service of the plant reported on Tuesday.",
        ),
        Example(
            "“We wait,” quotes his words the agency “Interfax”.",
            "“We wait,” the agency “Interfax” quotes him as saying.",
        ),
        Example(
            "About this informs on Sunday the agency SANA with reference to sources.",
            "The agency SANA reported this on Sunday with reference to sources.",
        ),
        Example(
            "As explained the head of the committee on law Ivan Petrov, the plant is open.",
            "As the head of the committee on law Ivan Petrov explained, the plant is open.",
        ),
        Example("The plant was closed, transmits RIA Novosti.", "The plant was closed, RIA Novosti reported."),
        Example("“We agree,” told Galt to journalists.", "“We agree,” Galt told journalists."),
        Example("As reported Interfax, the plant was closed.", "As Interfax reported, the plant was closed."),
    ),
    must_pass=(
        "As reported on Monday, the plant was closed.",
        "As noted above, the plant was closed.",
        "He told me about this.",
        "The head of the group, told Reuters the economic outlook had improved.",
        "On this TASS reported nothing.",
        "As reported Tuesday, the plant was closed.",
        "This was announced Tuesday.",
        "This was said by the minister.",
        "This tells us that the plant was closed.",
        "About this said plan nothing is known.",
        "The mosquito, which carries the disease, transmits it.",
        "“We agree,” he told journalists.",
    ),
    confidence=0.9,
)
