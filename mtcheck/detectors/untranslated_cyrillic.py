"""A word left in Cyrillic letters.

What it flags
    ``Эйлинн``, ``мезотелиомы``, whole runs of Cyrillic words.

Why it reads as machine translation
    The system did not know the word and copied it.

Example
    The company Вымпелком grew.

Better
    The company Vympelkom grew.

Known limits
    A capitalised word is offered in Latin letters (transliteration by the practice of the English Wikipedia, not always
    the established spelling, and wrong for a foreign name, so it is only shown); a common word has no ready wording.
    Cyrillic in brackets after a name, given on purpose, is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Applicability, Severity

_RUN = re.compile(r"(?<![A-Za-z])[\u0400-\u052f]+(?:[- ’'][\u0400-\u052f]+)*(?![A-Za-z])")

_TWINS = str.maketrans("АВЕКМНОРСТУХасеорху", "ABEKMHOPCTYXaceopxy")


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the run of words."""
    text = analysis.text
    for match in _RUN.finditer(text):
        if text.rfind("(", 0, match.start()) > text.rfind(")", 0, match.start()):
            continue
        run = match.group()
        if len(run) == 1:
            yield Flag(
                *match.span(), "a Cyrillic letter", (run.translate(_TWINS),) if run.translate(_TWINS) != run else ()
            )
            continue
        name = all(word[0].isupper() for word in re.split(r"[- ]", run))
        yield Flag(*match.span(), "left in Cyrillic", (_in_latin(run),) if name else (), Applicability.DISPLAY)


def _in_latin(run: str) -> str:
    import iuliia

    return str(iuliia.WIKIPEDIA.translate(run))


RULE = Rule(
    name="untranslated-cyrillic",
    category="accuracy/untranslated",
    severity=Severity.MAJOR,
    find=find,
    confidence=0.98,
    must_flag=(
        Example("The company Вымпелком grew.", "The company Vympelkom grew."),
        Example("Patients with мезотелиомы came.", None),
    ),
    must_pass=("The daily Izvestia (Известия) reported it.", "The daily Izvestia reported it."),
)
