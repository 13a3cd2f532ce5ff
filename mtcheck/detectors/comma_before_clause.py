"""A Russian comma before *that*, *what*, *than* or a restrictive *when* / *where*.

What it flags
    ``said, that``, ``the moment, when``, ``more, than``, ``know, what``.

Why it reads as machine translation
    Russian puts a comma before every subordinate clause and before *чем*; English does not when the
    clause completes the verb, the noun or the comparison.

Example
    The study revealed, that prices had risen more, than wages.

Better
    The study revealed that prices had risen more than wages.

Known limits
    *that is*, *what's more* and commas that close an inserted phrase pass, so some are missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_OBJECT_CLAUSE = re.compile(
    r"\b(?P<verb>\w+)(?P<comma>,) (?P<word>that|whether|what|how|why)\b"
    r"(?! (?:is|was|said)\b|['’]s|, )",
    re.I,
)
_THAN = re.compile(r"(?P<comma>,) (?P<word>than)\b", re.I)
_NOUN_CLAUSE = re.compile(
    r"\b(?:the|that|a|one) (?:very |same )?(?P<verb>moment|time|day|place|fact|idea|hope|feeling|opinion|question"
    r"|way|year)"
    r"(?P<comma>,) (?P<word>when|where|that|whether|how)\b(?! (?:is|was|said)\b)",
    re.I,
)
_COMPARATIVE = re.compile(r"\b(?:more|less|rather|fewer|other|else|\w{3,}er)\b", re.I)
_TAKES_CLAUSE = frozenset(
    "say says said saying state states stated think thinks thought believe believes believed know knows knew known "
    "understand understands understood declare declares declared report reports reported note notes noted explain "
    "explains explained reveal reveals revealed complain complained claim claims claimed show shows showed shown "
    "suggest suggests suggested announce announces announced admit admits admitted argue argues argued see sees "
    "seen hope hopes hoped fear fears feared feel feels felt find found hear heard learn learned learnt decide decided "
    "decides promise promised promises add adds added insist insisted insists emphasize emphasized "
    "emphasise emphasised "
    "stress stressed recall recalled remember remembered remind reminded told tell tells informed consider considers "
    "considered mean means meant assure assured confirm confirmed confirms deny denied indicate indicates indicated "
    "exclude excludes excluded specified specifies clarified clarifies underlined underlines "
    "ask asks asked wonder wonders wondered guess imagine sure confident expect expected expects so such".split()
)
_MESSAGE = "English has no comma before a clause that completes the {what}"


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the comma (with the word after it, so that the finding can be read)."""
    text = analysis.text
    for match in _OBJECT_CLAUSE.finditer(text):
        takes = match.group("verb").lower() in _TAKES_CLAUSE
        if takes and text.count(",", 0, match.start("comma")) == 0 and not _quoted(text, match.start("comma")):
            yield _flag(match, "verb")
    for match in _THAN.finditer(text):
        clause = text[: match.start()].rpartition(",")[2]
        if _COMPARATIVE.search(clause):
            yield _flag(match, "comparison")
    for match in _NOUN_CLAUSE.finditer(text):
        if text.count(",", match.end()) == 0:
            yield _flag(match, "noun")


def _quoted(text: str, at: int) -> bool:
    return text[at - 1 : at] in "\"”’'"


def _flag(match: re.Match[str], what: str) -> Flag:
    start, end = match.start("comma"), match.end("word")
    return Flag(start, end, _MESSAGE.format(what=what), (" " + match.group("word"),))


RULE = Rule(
    name="comma-before-clause",
    category="fluency/punctuation",
    severity=Severity.MINOR,
    find=find,
    must_flag=(
        Example("The study revealed, that prices had risen.", "The study revealed that prices had risen."),
        Example("Prices rose more, than wages.", "Prices rose more than wages."),
        Example("I will not forget the moment, when I saw him.", "I will not forget the moment when I saw him."),
    ),
    must_pass=(
        "He said, that is, he hinted, that he would go.",
        "They dissolved, that was the best way of putting it.",
        "We are developing, what's more, our own system.",
        "Imports, other than fish, rose.",
    ),
    confidence=0.92,
)
