"""*The* before the name of a country, city or region that takes no article.

What it flags
    ``the Ukraine``, ``the Poland``, ``the Moscow`` when nothing follows that the article could belong to.

Why it reads as machine translation
    A system without a feeling for articles adds *the*; *the Ukraine* and *the Crimea* are dated besides.

Example
    The talks in the Ukraine have ended.

Better
    The talks in Ukraine have ended.

Known limits
    Only names of a list; *the Moscow region*, *the Ukraine of today* and *the Donetsk and Luhansk regions* pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.lexicon import country_adjectives
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_MORE = (
    "Moscow Kiev Kyiv London Berlin Paris Washington Beijing Brussels Donetsk Lugansk Luhansk Crimea "
    "Sevastopol Siberia Europe "
    "Asia Africa America Minsk Tbilisi Yerevan Aleppo Damascus Baghdad Tehran Ankara Istanbul Vienna "
    "Geneva Warsaw Prague "
    "Vladivostok Novosibirsk Yekaterinburg Kazan Sochi Simferopol Kharkiv Odessa Slavyansk Mariupol Grozny Chechnya "
    "Dagestan Tatarstan Bashkortostan Karelia Chuvashia Yakutia Kamchatka Sakhalin Chukotka Transnistria Abkhazia"
).split()
_TAKE_ARTICLE = re.compile(
    r"(?:Netherlands|Philippines|Gambia|Bahamas|Maldives"
    r"|Emirates|States|Kingdom|Republic|Congo|Sudan|Lebanon|Vatican|Union"
    r"|Islands|Kremlin|Comoros|Seychelles|UK|US|USA|UAE|EU|USSR|DPRK|Palestine|Hague"
    r"|Yemen|Ivory Coast|Jordan|Chad|Georgia)"
)
_ARTICLE = re.compile(
    r"\b(?P<article>[Tt]he) (?P<place>[A-Z][a-z]+)\b"
    r"(?=[,.;:?!)”\"»]|$| (?:is|was|has|have|had|in|on|to|will|were|with|for|from|by"
    r"|at|who|said|as|but|after|can|also|because|when|would)\b)"
    r"(?!, (?:[A-Z][a-z]+ )?(?:and|[A-Z][a-z]+,))"
)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the article."""
    places = set(country_adjectives()) | set(_MORE)
    for match in _ARTICLE.finditer(analysis.text):
        place = match.group("place")
        if place in places and not _TAKE_ARTICLE.fullmatch(place):
            yield Flag(match.start(), match.end(), f"“{place}” takes no article", (place,))


RULE = Rule(
    name="article-before-place",
    category="fluency/grammar",
    severity=Severity.MINOR,
    find=find,
    must_flag=(
        Example("The talks in the Ukraine have ended.", "The talks in Ukraine have ended."),
        Example("They flew to the Poland.", "They flew to Poland."),
    ),
    must_pass=(
        "The Moscow region voted.",
        "They work in the Netherlands.",
        "It is the Ukraine of today.",
        "He came from the Donetsk and Luhansk regions.",
    ),
    confidence=0.93,
)
