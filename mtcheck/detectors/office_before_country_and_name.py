"""An office, *of* its country, and the holder's name, in Russian order.

What it flags
    ``Foreign Minister of Russia Sergey Lavrov``, ``the President of Ukraine Petro Poroshenko``.

Why it reads as machine translation
    Russian puts the country in the genitive between office and name (*министр иностранных дел России
    Сергей Лавров*). English puts an adjective first, or sets the name off with commas.

Example
    This was said by the President of Ukraine Petro Poroshenko.

Better
    This was said by Ukrainian President Petro Poroshenko.

Known limits
    Only countries and offices of the tables are known. *the President of Ukraine, Petro Poroshenko,* with
    commas is good English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from mtcheck.detectors.lexicon import country_adjectives
from mtcheck.detectors.phrase_table import like
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_OFFICE = (
    r"(?:(?:Deputy|Vice|First|Acting|Former|deputy|vice|first|acting|former) )*"
    r"(?:Prime Minister|President|Chancellor|Premier|Ambassador|"
    r"(?:Foreign|Defen[cs]e|Interior|Finance|Health|Energy|Economy|Justice|Education|Culture|Transport|"
    r"Sports?|Agriculture) Minister)"
)
_SERVANT = re.compile(
    r"\b(?:secretary|spokes\w+|advis[eo]r|aide|assistant|representative|wife|son|daughter|envoy) (?:of|to|for) $", re.I
)
_ADDRESSEES = frozenset("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())


@cache
def _adjectives() -> dict[str, str]:
    return {**country_adjectives(), "USA": "US", "US": "US", "United States": "US", "United Kingdom": "British"}


@cache
def _pattern() -> re.Pattern[str]:
    countries = "|".join(_adjectives())
    return re.compile(
        rf"(?<![\w-])(?P<the>[Tt]he )?(?P<office>(?i:{_OFFICE})) of (?:the )?(?P<country>{countries}) "
        r"(?P<name>[A-Z][a-z’'-]+(?: [A-Z][a-z’'-]+)+)"
    )


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag office and country; the name stays as it is."""
    for match in _pattern().finditer(analysis.text):
        if match["name"].split()[0] in _ADDRESSEES or _SERVANT.search(
            analysis.text, max(0, match.start() - 60), match.start()
        ):
            continue
        office = " ".join(word[0].upper() + word[1:] for word in match["office"].split())
        office = re.sub(r"^(Former|Acting)\b", lambda m: m.group().lower(), office)
        adjective = _adjectives()[match["country"]]
        start, end = match.start(), match.end("country")
        if office.startswith(("former", "acting")):
            first, rest = office.split(" ", 1)
            better = f"{first} {adjective} {rest}"
        else:
            better = f"{adjective} {office}"
        yield Flag(
            start,
            end,
            f"English puts the country before the office: “{better} {match['name'].split()[0]} …”",
            (like(analysis.text[start:end] if start == 0 else "", better),),
        )


RULE = Rule(
    name="office-before-country-and-name",
    category="style/unidiomatic",
    severity=Severity.MINOR,
    find=find,
    confidence=0.95,
    must_flag=(
        Example(
            "This was said by the President of Ukraine Petro Poroshenko.",
            "This was said by Ukrainian President Petro Poroshenko.",
        ),
        Example(
            "This was stated by foreign Minister of Russia Sergey Lavrov.",
            "This was stated by Russian Foreign Minister Sergey Lavrov.",
        ),
        Example(
            "The former Prime Minister of Britain Tony Blair came.",
            "Former British Prime Minister Tony Blair came.",
        ),
    ),
    must_pass=(
        "The President of Ukraine, Petro Poroshenko, spoke.",
        "Ukrainian President Petro Poroshenko spoke.",
        "The Prime Minister of Britain Monday said no.",
    ),
)
