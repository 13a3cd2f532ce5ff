"""*A more soft measure*: *more* before an adjective that has a comparative of its own.

What it flags
    ``a more soft measure``, ``is even more cheap``, ``the most large city``.

Why it reads as machine translation
    Russian *более мягкий* is two words; the system translates each.

Example
    The lawyer asked for a more soft measure.

Better
    The lawyer asked for a softer measure.

Known limits
    Only short adjectives that writers of English compare with an ending nearly always, after *a*, *the* or a form
    of *be*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_STEMS = {
    "soft": "soft", "hard": "hard", "high": "high", "low": "low", "cheap": "cheap", "strong": "strong", "weak": "weak",
    "big": "bigg", "large": "larg", "small": "small", "fast": "fast", "slow": "slow", "warm": "warm", "cold": "cold",
    "late": "lat", "early": "earli", "heavy": "heavi", "easy": "easi", "tough": "tough", "strict": "strict",
    "rich": "rich", "poor": "poor", "bright": "bright", "deep": "deep", "wide": "wid", "short": "short",
    "old": "old", "young": "young", "great": "great", "simple": "simpl", "quick": "quick", "soon": "soon",
}  # fmt: skip
_ADJECTIVE = "|".join(_STEMS)
_MORE = re.compile(
    rf"\b(?P<before>an? |the |(?:is|are|was|were|be|become|became|even|much|far|still) )(?P<wrong>(?P<degree>more|"
    rf"most) "
    rf"(?P<adjective>{_ADJECTIVE}))(?=[.,;]| (?:than|of|in|and|for|on)\b| (?!profile|quality|tech|level|end|cost|"
    rf"income|key|school|risk|people)[a-z]{{3,}})(?!-)",
    re.I,
)
_AMBIGUOUS = frozenset("young old great high low short small large big deep".split())


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag *more* and the adjective; *a* before them agrees with the new word where it must."""
    for match in _MORE.finditer(analysis.text):
        adjective, before = match["adjective"].lower(), match["before"].lower().strip()
        superlative = match["degree"].lower() == "most"
        article = before in ("a", "an", "the")
        if superlative and before != "the":
            continue
        if not article and (adjective in _AMBIGUOUS or not re.match(r"[.,;]| than\b", analysis.text[match.end() :])):
            continue
        better = _STEMS[adjective] + ("est" if superlative else "er")
        start = match.start("wrong")
        if before in ("a", "an"):
            start, better = match.start("before"), ("an " if better[0] in "aeiou" else "a ") + better
            better = better[0].upper() + better[1:] if match["before"][0].isupper() else better
        yield Flag(start, match.end("wrong"), "this adjective is compared with an ending", (better,))


RULE = Rule(
    name="more-before-short-adjective",
    category="fluency/grammar",
    severity=Severity.MINOR,
    find=find,
    must_flag=(
        Example("The lawyer asked for a more soft measure.", "The lawyer asked for a softer measure."),
        Example("It is the most large city of the region.", "It is the largest city of the region."),
        Example("The trip was even more cheap than before.", "The trip was even cheaper than before."),
    ),
    must_pass=(
        "They need more high schools.",
        "It is a more high-profile case.",
        "A more difficult task awaits.",
        "There are more young people here.",
        "Many more strong men are needed.",
    ),
    confidence=0.9,
)
