"""An article before a person's title and name.

What it flags
    ``the Professor Richard Jones``, ``the Russian President Vladimir Putin``, ``met with the US Secretary of State John
    Kerry``.

Why it reads as machine translation
    Russian has no articles; the system puts one before the noun, where English makes title and name one name.

Example
    He spoke with the Professor Richard Jones.

Better
    He spoke with Professor Richard Jones.

Known limits
    *The US Secretary of State, John Kerry,* keeps its article, and its commas. A name that is a thing's (*the Richard
    Jones prize*) passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from mtcheck.detectors.grammar import capitalised
from mtcheck.detectors.lexicon import country_adjectives
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_OFFICES = (
    r"(?:(?:first )?(?:deputy|vice)[ -])?(?:president|premier|(?:prime|foreign|defen[cs]e|interior|finance|justice|"
    r"energy|health|economy|culture|education|transport|sports?) minister|chancellor|speaker|mayor|governor)|"
    r"secretary of state|professor|academician|(?:prosecutor|attorney) general|colonel|lieutenant[ -]general|senator"
)
_NAME = r"(?!(?:Pro|Lord|Sir)\b)[A-Z][a-zé’'-]+ (?:[A-Z]\. |al-|de |von |van |bin )?[A-Z][a-z][\w’'-]*"


@cache
def _titled() -> re.Pattern[str]:
    adjectives = "|".join(map(re.escape, sorted({*country_adjectives().values(), "US", "UK", "UN", "U.S."})))
    return re.compile(
        rf"\b(?P<the>[Tt]he) (?P<whose>(?:{adjectives}) )?(?P<title>(?i:{_OFFICES}))"
        rf"(?= {_NAME}(?:[.;]| (?!and\b|or\b)[a-z]|$))"
    )


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the article with the title, which is capitalised as part of the name."""
    for match in _titled().finditer(analysis.text):
        title = " ".join(word if word == "of" else capitalised(word) for word in match["title"].split())
        better = f"{match['whose'] or ''}{title}"
        yield Flag(*match.span(), "no article before a title that stands before a name", (better,))


RULE = Rule(
    name="article-before-titled-name",
    category="fluency/grammar",
    severity=Severity.MINOR,
    find=find,
    must_flag=(
        Example("He spoke with the Professor Richard Jones.", "He spoke with Professor Richard Jones."),
        Example(
            "He met with the US Secretary of State John Kerry on Monday.",
            "He met with US Secretary of State John Kerry on Monday.",
        ),
        Example("The president Barack Obama agreed.", "President Barack Obama agreed."),
    ),
    must_pass=(
        "The US Secretary of State, John Kerry, agreed.",
        "The President of Russia agreed.",
        "The President Hotel is full.",
        "The former President Bill Clinton came.",
        "The General Accounting Office agreed.",
    ),
    confidence=0.85,
)
