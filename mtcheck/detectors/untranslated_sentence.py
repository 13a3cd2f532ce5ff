"""A whole sentence left in Russian.

What it flags
    A segment of three words or more of which at least half are in Cyrillic letters.

Why it reads as machine translation
    The system took the sentence for something not to be translated, or gave up, and copied it.

Example
    Он приехал вчера вечером.

Better
    He arrived last night.

Known limits
    Shorter runs of Cyrillic are the business of *untranslated-cyrillic*. There is no ready wording.
"""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.detectors.source_facts import CYRILLIC
from mtcheck.schema import Severity

_FEWEST = 3
_SHARE = 0.5


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the segment."""
    words = [word for word in analysis.words if word.text[0].isalpha()]
    russian = [word for word in words if CYRILLIC.search(word.text)]
    if len(russian) >= _FEWEST and len(russian) >= _SHARE * len(words):
        yield Flag(words[0].span.start, words[-1].span.end, "the sentence is left in Russian")


RULE = Rule(
    name="untranslated-sentence",
    category="accuracy/untranslated",
    severity=Severity.CRITICAL,
    find=find,
    confidence=0.98,
    must_flag=(
        Example("Он приехал вчера вечером."),
        Example("Он приехал вчера в Washington."),
    ),
    must_pass=("He wrote “Слава труду” on the wall.", "Правда", "The daily Izvestia (Известия) reported it."),
)
