"""*The damage made 900 million*, where English says what the amount *is*.

What it flags
    ``the damage makes about 900 million rubles``, ``the pressure will make 743 millimeters``, ``it will make
    5.5-6%``,
    ``the cost of futures grew by 1.2% and made $52.3``.

Why it reads as machine translation
    *составить* is what Russian amounts do; its first meaning is *make up*, and English has *be* or *come to*.

Example
    The damage makes about 900 million rubles.

Better
    The damage is about 900 million rubles.

Known limits
    Only nouns that can be measured, with at most a short phrase before the verb: *the company made $5 million*
    earned it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_MEASURE = (
    r"damage|losses|price|prices|cost|costs|rate|rates|inflation|temperature|pressure|volume|volumes|amount|sum|"
    r"size|area|share|number|growth|decline|decrease|increase|turnover|deficit|surplus|budget|debt|debts|speed|"
    r"length|height|width|depth|weight|distance|population|turnout|salary|wage|wages|pension|income|fine|index|"
    r"capacity|humidity|age|term|reserves|value|expenses|spending|export|exports|import|imports|production|"
    r"output|deposit|bribe|bail|attendance|capitalization|magnitude|payment|payments|subsidy|ransom|density|"
    r"duration|difference|investments?|futures|level"
)
_PLURALS = frozenset(
    "losses prices costs rates volumes debts wages reserves expenses exports imports payments investments".split()
)
_AMOUNT = (
    r"(?= (?:(?:about|around|approximately|nearly|almost|over|more than|less than|only|some|from|up to|"
    r"not more than|at least|already) )*(?:[$€£]\d|[+–-]?\d[\d.,\s]*(?:[–-] ?\d[\d.,]*)? ?(?:%|(?:percent|"
    r"per cent|thousand|million|billion|trillion|dollars?|euros?|rubles?|roubles?|kopecks|hryvnias?|yuan|"
    r"degrees|meters?|metres?|kilometers?|kilometres?|km|kilograms?|kg|tons?|tonnes?|millimeters?|millimetres?|"
    r"mm|hectares|square|cubic|barrels|people|points?|years|months|days|hours|minutes|seconds)\b)))"
)
_PHRASE = r"(?: (?:of|for|in|on|by|to|from) (?:the |a |an |this |last |next )?(?:[\w’'-]+ ){0,3}?[\w’'-]+){0,3}?"
_SUBJECT = re.compile(
    rf"\b(?P<noun>{_MEASURE}){_PHRASE} (?:also |already |now |thus )?(?P<verb>will make|would make|has made|"
    rf"makes|make|made)"
    rf"{_AMOUNT}",
    re.I,
)
_IT = re.compile(r"\b(?:it|which) (?P<verb>will make) (?P<amount>\d[\d.,–-]* ?(?:%|percent\b|per cent\b))", re.I)
_CHANGED = re.compile(
    rf"\b(?:{_MEASURE})\b[^.;]{{0,60}}\b(?:grew|rose|fell|increased|decreased|declined|dropped|gained|lost|"
    rf"reduced)\b[^,;]{{2,30}}"
    rf" and (?P<verb>made){_AMOUNT}",
    re.I,
)
_VERB = re.compile(r"\bma(?:de|kes?)\b(?! up\b)")
_MESSAGE = "a calque of составить: in English an amount “is” so much"


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the verb; its fix is *be* in the same tense."""
    if not _VERB.search(analysis.text):
        return
    for match in _SUBJECT.finditer(analysis.text):
        yield Flag(*match.span("verb"), _MESSAGE, (_be(match["verb"], match["noun"].lower() in _PLURALS),))
    for match in _IT.finditer(analysis.text):
        yield Flag(*match.span("verb"), _MESSAGE, ("will be",))
    for match in _CHANGED.finditer(analysis.text):
        yield Flag(*match.span("verb"), _MESSAGE, ("reached",))


def _be(verb: str, many: bool) -> str:
    first = verb.lower().split()[0]
    if first in ("will", "would"):
        return f"{first} be"
    if first == "has":
        return "has been"
    if first == "made":
        return "were" if many else "was"
    return "are" if many or first == "make" else "is"


RULE = Rule(
    name="make-before-amount",
    category="style/unidiomatic",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example("The damage makes about 900 million rubles.", "The damage is about 900 million rubles."),
        Example("The volume of the reserves made $397.7 billion.", "The volume of the reserves was $397.7 billion."),
        Example(
            "The atmospheric pressure will make 743 millimeters.", "The atmospheric pressure will be 743 millimeters."
        ),
        Example("By December it will make 5.5-6%.", "By December it will be 5.5-6%."),
        Example("The price grew by 1.2% and made $52.3.", "The price grew by 1.2% and reached $52.3."),
        Example("The losses made more than 5 million dollars.", "The losses were more than 5 million dollars."),
    ),
    must_pass=(
        "The company made $5 million last year.",
        "The cost of the film, which made $5 million, was small.",
        "The damage makes repair impossible.",
        "The price makes 2016 a bad year.",
    ),
    confidence=0.9,
)
