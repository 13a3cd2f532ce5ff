"""A Russian common word left in Latin letters.

What it flags
    ``blizlezhayshih stars``, ``ministrestvo of defence``, ``izbirateley``.

Why it reads as machine translation
    The system did not know the word, or it was misspelt, and spelled it out in Latin letters as it does with names.

Example
    The composition of blizlezhayshih stars is alike.

Better
    The composition of nearby stars is alike.

Known limits
    The rule gives no wording: it cannot know the meaning. Only lower-case words that English does not have (they are
    not in a list of 320,000) and that show Russian endings or letter groups are flagged; Russian words used on purpose
    in English (*siloviki*, *oblast*) are common enough to pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity
from mtcheck.word_frequency import is_known

_RUSSIAN = re.compile(
    r"shch|zh|^kh|kh(?=[aiouylrn]|$)|yy|iy|[aou]yu|yush|[aeiou]yshi|tsi?ya|tsii|vshi|vshe|vshu|sya$|aya$|oye$|nye$|vye$|nykh$|"
    r"skikh$|[yi]kh$|[aei]nno[yi]|[aei]nny|skiy|skogo$|nogo$|ovat$|irovat|l[io]s$|[nktv]ami$|yami$|stvo$|stva$|nost$|mosti?$|"
    r"eley$|teli$|ovaniy|irovan|eniye|aniye|eniya|aniya"
)
_SHORTEST = 6
_TAGS = tuple("#@/_")


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the word."""
    for word in analysis.words:
        lower = word.lower
        if (
            word.text != lower
            or len(lower) < _SHORTEST
            or analysis.text[word.span.start - 1 : word.span.start] in _TAGS
        ):
            continue
        for part in lower.split("-"):
            if len(part) < _SHORTEST or not (part.isascii() and part.isalpha()) or not _RUSSIAN.search(part):
                continue
            if not is_known(part) and not is_known(part.removesuffix("s")):
                yield Flag(word.span.start, word.span.end, f"“{part}” looks like a Russian word in Latin letters")
                break


RULE = Rule(
    name="transliterated-word",
    category="accuracy/untranslated",
    severity=Severity.MAJOR,
    find=find,
    confidence=0.95,
    must_flag=(
        Example("The composition of blizlezhayshih stars is alike."),
        Example("The ministrestvo of defence spoke."),
        Example("Patients with mezoteliomy and kolodkakh came."),
    ),
    must_pass=(
        "The siloviki of the oblast spoke of perestroika.",
        "The receivership of the soybean exchange was played.",
        "Kolodkakh is a name here.",
    ),
)
