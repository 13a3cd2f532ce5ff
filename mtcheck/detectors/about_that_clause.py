"""*Reported about that, what*: a clause hung on a pronoun that English leaves out.

What it flags
    ``It was reported about that, what the leaders will meet``, ``He told about that, that the plant was closed``, ``the
    suggestion of what Russia is seeking a way out``.

Why it reads as machine translation
    *сообщалось о том, что* needs the pronoun *том* to hang its clause on; English goes on with *that*.

Example
    It was reported about that, what the leaders will meet.

Better
    It was reported that the leaders will meet.

Known limits
    Before *how*, *when* and *who* the clause is a question, and only the pronoun and the comma go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_CLAUSE = re.compile(
    r"\b(?:reported|informed|told|said|says|stated|announced|declared|known|learned|written|wrote|reminded|warned|notified)"
    r"(?P<wrong> (?:about|on|of) that(?:,? (?:that|what)|, (?P<asks>how|when|who|why)))\b(?! is\b)",
)
_SPOKEN = re.compile(
    r"\b(?:spoke|speaks|talked|asked|story|question|information|opinion|statement|report|reports)"
    r"(?P<wrong> (?:about|on|of) that, (?:that|what|(?P<asks>how|when|who|why)))\b",
)
# «предположение ведущего о том, что Россия добивается»: at most a genitive between the noun and its clause
_OF_WHAT = re.compile(
    r"\b(?:suggestion|assumption|statement|remark|claim|assertion|accusation|allegation|words?)s? "
    r"(?:(?:of|by|from) (?:the |a |an )?[\w’'-]+ (?:[\w’'-]+ ){0,2}?)?(?P<wrong>(?:of|about|on) what) "
    r"(?=(?:the )?[A-Z][\w’'-]+ (?:[A-Z][\w’'-]+ )?"
    r"(?:is|are|was|were|has|have|had|will|would|intends?|plans?|wants?|seeks?) "
    r"(?!like\b))"
)
_MESSAGE = "a calque of о том, что: English leaves the pronoun out"


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the pronoun with its preposition and the word that opens the clause."""
    for pattern in (_CLAUSE, _SPOKEN):
        for match in pattern.finditer(analysis.text):
            asks = match["asks"]
            better = " that" if not asks else f" about {asks}" if pattern is _SPOKEN else f" {asks}"
            yield Flag(*match.span("wrong"), _MESSAGE, (better,))
    for match in _OF_WHAT.finditer(analysis.text):
        yield Flag(*match.span("wrong"), _MESSAGE, ("that",))


RULE = Rule(
    name="about-that-clause",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example(
            "It was reported about that, what the leaders will meet.", "It was reported that the leaders will meet."
        ),
        Example("He told about that, that the plant was closed.", "He told that the plant was closed."),
        Example("She spoke about that, how the town was built.", "She spoke about how the town was built."),
        Example(
            "He denied the suggestion of the host of what Russia is seeking a way out.",
            "He denied the suggestion of the host that Russia is seeking a way out.",
        ),
    ),
    must_pass=(
        "I know nothing about that.",
        "He had an idea of what the minister was like.",
        "There is no information about what they are planning.",
        "He told us about that, which helped.",
        "What he said about that is not known.",
        "She asked about that when we met.",
        "He was informed of that when he came.",
    ),
    confidence=0.9,
)
