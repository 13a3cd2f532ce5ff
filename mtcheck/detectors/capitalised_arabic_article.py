"""The Arabic article in capitals: *EN-Nusra*, *AL-Qaeda*.

What it flags
    ``EN-Nusra``, ``AL-Jazeera``, ``ASH-Sham``.

Why it reads as machine translation
    The system takes the Russian particle (*ан-*, *аль-*) for an abbreviation. English newspapers write
    *al-* whatever letter follows.

Example
    The fighters of EN-Nusra left.

Better
    The fighters of al-Nusra left.

Known limits
    Names that keep a form of their own (*El-Sisi*, *Ash-Sharq*) are flagged only when the article is all capitals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.lexicon import starts_sentence
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule, Word
from mtcheck.schema import Severity, Span

_ARTICLE = re.compile(r"\b(?:A[LNRSTDZ]|E[LNRS]|ASH|ESH|ALI)-(?=[A-Z][a-z]{3,})")
_STATIONS = re.compile(r"Jazeera|Arabiya|Arabia|Hayat|Manar|Ahram|Qaeda|Qaida")


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the article with its hyphen."""
    for match in _ARTICLE.finditer(analysis.text):
        word = Word(match.group(), Span(*match.span()))
        raised = starts_sentence(analysis, word) or _STATIONS.match(analysis.text, match.end())
        yield Flag(*match.span(), "English newspapers write this article “al-”", ("Al-" if raised else "al-",))


RULE = Rule(
    name="capitalised-arabic-article",
    category="fluency/spelling",
    severity=Severity.MINOR,
    find=find,
    confidence=0.95,
    must_flag=(
        Example("The fighters of EN-Nusra left.", "The fighters of al-Nusra left."),
        Example("He told AL-Jazeera.", "He told Al-Jazeera."),
    ),
    must_pass=("The fighters of al-Nusra left.", "The AN-124 landed.", "El-Sisi spoke."),
)
