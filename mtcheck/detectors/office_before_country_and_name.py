"""An office, *of* its country, and the holder's name, in Russian order.

What it flags
    ``Foreign Minister of Russia Sergey Lavrov``, ``the President of Ukraine Petro Poroshenko``, ``the Minister of
    energy Alexander Novak``, ``the President of WADA Craig Reedie``.

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
_PORTFOLIOS = {
    "foreign affairs": "Foreign", "defence": "Defence", "defense": "Defense", "internal affairs": "Interior",
    "the interior": "Interior", "finance": "Finance", "health": "Health", "energy": "Energy", "economy": "Economy",
    "economic development": "Economic Development", "justice": "Justice", "education": "Education",
    "culture": "Culture", "transport": "Transport", "sport": "Sports", "sports": "Sports", "agriculture": "Agriculture",
    "education and science": "Education and Science", "industry and trade": "Industry and Trade",
}  # fmt: skip
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


@cache
def _ministers() -> re.Pattern[str]:
    portfolios = "|".join(sorted(_PORTFOLIOS, key=len, reverse=True))
    countries = "|".join((*_adjectives(), "the RF", "the Russian Federation", "Russian Federation"))
    return re.compile(
        r"(?<![\w-])(?:[Tt]he )?(?:[Hh]ead of the [Mm]inistry of |(?P<rank>(?:first )?deputy )?[Mm]inister of )"
        rf"(?P<portfolio>(?i:{portfolios}))(?: of (?:the )?(?P<country>{countries}))?(?= {_PERSON})"
    )


_PERSON = r"(?!(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b)[A-Z][a-z’'-]+ [A-Z][a-z’'-]+"
_BODY = re.compile(
    r"(?:(?<![\w-])[Tt]he |^|(?<=\bby )|(?<=\bwith )|(?<=\bthat )|(?<=, ))"
    r"(?P<office>(?:[Dd]eputy |[Vv]ice[ -])?"
    r"(?:[Pp]resident|[Hh]ead|[Dd]irector|[Cc]hairman|[Cc]hief|[Ss]pokes(?:wo)?man))"
    rf" of (?:the )?(?P<body>[A-Z]{{3,7}})(?= {_PERSON}\b(?! [A-Z]))"
)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag office and country or body; the name stays as it is."""
    yield from _offices_of_countries(analysis)
    text = analysis.text
    for match in (*_ministers().finditer(text), *_BODY.finditer(text)):
        if _SERVANT.search(text, max(0, match.start() - 60), match.start()):
            continue
        better = _of_body(match) if "body" in match.groupdict() else _of_portfolio(match)
        yield Flag(*match.span(), "English puts the field or the body before the office", (better,))


def _of_body(match: re.Match[str]) -> str:
    office = match["office"]
    capital = office.lower() in ("president", "vice president", "vice-president")
    return f"{match['body']} {office if capital else office.lower()}"


def _of_portfolio(match: re.Match[str]) -> str:
    country = (match["country"] or "").removeprefix("the ")
    adjective = "Russian" if country in ("RF", "Russian Federation") else _adjectives().get(country, "")
    rank = "".join(f"{word.capitalize()} " for word in (match["rank"] or "").split())
    return f"{adjective} {rank}{_PORTFOLIOS[match['portfolio'].lower()]} Minister".lstrip()


def _offices_of_countries(analysis: Analysis) -> Iterator[Flag]:
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
        Example("The Minister of energy Alexander Novak agreed.", "Energy Minister Alexander Novak agreed."),
        Example(
            "He met the head of the Ministry of foreign Affairs of Turkey Mevlut Cavusoglu.",
            "He met Turkish Foreign Minister Mevlut Cavusoglu.",
        ),
        Example("The President of WADA Craig Reedie agreed.", "WADA President Craig Reedie agreed."),
    ),
    must_pass=(
        "The President of Ukraine, Petro Poroshenko, spoke.",
        "Ukrainian President Petro Poroshenko spoke.",
        "The Prime Minister of Britain Monday said no.",
        "The Minister of Energy, Alexander Novak, agreed.",
        "The President of WADA agreed.",
    ),
)
