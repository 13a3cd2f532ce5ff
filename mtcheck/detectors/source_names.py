"""Which English words may stand for which Russian ones: by the dictionary, the tables of places, and by sound.

A whole sentence is asked at once, so that the time grows with its length and not with the square of it: dictionary and
places are looked up, and the comparison by sound, which looks at every pair, is left to rapidfuzz.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product

from mtcheck.detectors.name_key import name_key
from mtcheck.detectors.source_facts import SourceWord

_ALIKE = 0.8  # Jaro-Winkler of name keys: Johnson/Джонсон .87, Hughes/Хьюз .63
_ROUNDING = 0.001  # rapidfuzz rounds a limit in another way than a result
_CONSONANTS_ALIKE = 0.75  # they decide for Hughes/Хьюз
_SHORTEST, _STEM = 4, 5  # letters that a place shares with its adjective: Czech, Czechia
_ACCENTED = str.maketrans({"č": "ch", "ć": "ch", "š": "sh", "ş": "sh", "ž": "zh", "ł": "l", "ø": "o", "ı": "i"})
_CLASSES = str.maketrans(
    {
        **dict.fromkeys("fvw", "v"),
        **dict.fromkeys("cgkqhxJ", "k"),
        **dict.fromkeys("sSzC", "s"),
        **dict.fromkeys("dt", "t"),
    }
)
_MORE_PLACES = {
    "рф": "Russia", "кнр": "China", "кндр": "North Korea", "фрг": "Germany", "гдр": "Germany", "юар": "South Africa",
    "голландия": "Netherlands", "англия": "United Kingdom", "белоруссия": "Belarus", "киргизия": "Kyrgyzstan",
    "эллада": "Greece", "туркмения": "Turkmenistan", "молдавия": "Moldova", "иран": "Iran",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sounds:
    """How names sound: their name keys, and the classes of their consonants where there are at least two."""

    keys: tuple[str, ...]
    consonants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    """What words may be known by. parts: forms, and parts of hyphenated ones; sounds: of capitalised words."""

    parts: frozenset[str]
    keys: frozenset[str]
    sounds: _Sounds


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of a text, those that name places apart: a place is only ever its own name.

    places: English names of the places.
    """

    places: frozenset[str]
    placed: _Words
    others: _Words


def may_translate(russian: str, ours: str) -> bool:
    """True when an English word may be the name, or at least the translation, of a Russian word."""
    return meet(russian_words(frozenset([russian])), english_words(frozenset([ours])))


def meet(russian: Lexicon, english: Lexicon) -> bool:
    """True when one of the English words may translate one of the Russian words; one side should be short."""
    if any(ours == place or ours in place.split() for ours in english.places for place in russian.places):
        return True
    if any(
        part[:_STEM] in place.lower()
        for place in russian.places
        for part in english.others.parts
        if len(part) >= _SHORTEST
    ):
        return True
    groups = ((russian.others, english.others), (russian.others, english.placed), (russian.placed, english.others))
    return any(theirs.keys & ours.keys for theirs, ours in groups) or any(
        _alike(theirs.sounds, ours.sounds) for theirs, ours in groups
    )


@lru_cache(maxsize=4_096)
def russian_words(texts: frozenset[str]) -> Lexicon:
    """The lexicon of Russian words; their forms are the dictionary's."""
    forms = {text: _forms(text) for text in sorted(texts)}
    named = {text for text in forms if not forms[text].isdisjoint(places())}
    placed, others = (
        _words({text: forms[text] for text in forms if (text in named) is group}, _latin) for group in (True, False)
    )
    return Lexicon(frozenset(places()[form] for form in placed.parts if form in places()), placed, others)


@lru_cache(maxsize=4_096)
def english_words(texts: frozenset[str]) -> Lexicon:
    """The lexicon of English words."""
    named = texts & frozenset(places().values())
    placed, others = (
        _words({text: frozenset((text.lower(), *text.lower().split("-"))) - {""} for text in sorted(group)}, _itself)
        for group in (named, texts - named)
    )
    return Lexicon(named, placed, others)


@cache
def countries() -> frozenset[str]:
    """English names of countries in one word; no continents and unions."""
    from babel import Locale

    names = Locale("en").territories
    return frozenset(name for code, name in names.items() if code.isalpha() and code not in ("EU", "EZ", "UN"))


@cache
def places() -> dict[str, str]:
    """Russian name of each country and of each city that names a time zone, in lower case, to the English (CLDR)."""
    from babel import Locale

    russian, english = Locale("ru"), Locale("en")
    found = {
        zone["city"].lower(): name.rsplit("/", 1)[-1].replace("_", " ")
        for name, zone in russian.time_zones.items()
        if "city" in zone
    }
    found |= {name.lower(): english.territories[code] for code, name in russian.territories.items()}
    return {name.replace("ё", "е"): text.split(" (")[0] for name, text in found.items()} | _MORE_PLACES


def _forms(russian: str) -> frozenset[str]:
    """The word and its dictionary forms, and the parts of hyphenated ones."""
    word = SourceWord(russian, 0, len(russian))
    return frozenset(part for form in (word.lower, *word.lemmas) for part in (form, *form.split("-")))


def _words(forms: dict[str, frozenset[str]], latin: Callable[[str], tuple[str, ...]]) -> _Words:
    """What words may be known by, each given with its forms; latin: how a form may be spelled in Latin letters."""
    from mtcheck.alignment.anchors import keys

    parts = frozenset(part for text in forms for part in forms[text])
    spelled = {name for text in forms if text[0].isupper() for form in forms[text] for name in latin(form)}
    sounds = _Sounds(
        tuple(sorted({name_key(name) for name in spelled})),
        tuple(sorted({one for name in spelled for one in _consonants(name) if len(one) > 1})),
    )
    return _Words(parts, frozenset(key for part in parts for key in keys(part)), sounds)


def _alike(one: _Sounds, many: _Sounds) -> bool:
    """True when two of them may be read aloud alike, or share most of their consonants in order."""
    from rapidfuzz import process
    from rapidfuzz.distance import Indel, JaroWinkler

    if len(one.keys) > len(many.keys):
        one, many = many, one
    ways = (
        (one.keys, many.keys, JaroWinkler.similarity, _ALIKE),
        (one.consonants, many.consonants, Indel.normalized_similarity, _CONSONANTS_ALIKE),
    )
    return any(
        best[1] >= least
        for mine, names, scorer, least in ways
        for name in mine
        if (best := process.extractOne(name, names, scorer=scorer, score_cutoff=least - _ROUNDING))
    )


def _itself(english: str) -> tuple[str, ...]:
    return (english,)


@cache
def _latin(russian: str) -> tuple[str, ...]:
    """The word in Latin letters by the practices a translator may follow."""
    import iuliia

    schemas = (iuliia.WIKIPEDIA, iuliia.BGN_PCGN, iuliia.ALA_LC, iuliia.TELEGRAM)
    return tuple(dict.fromkeys(schema.translate(russian) for schema in schemas))


def _consonants(name: str) -> frozenset[str]:
    """Classes of the consonants; th and ch in either way that Russian hears them, w and u before a vowel as v."""
    plain = re.sub("c(?=[eiy])", "s", name.lower().translate(_ACCENTED).replace("gh", ""))
    found = set()
    for th, ch in product(("t", "s"), ("ch", "k")):
        key = re.sub("^u(?=[aeio])", "v", name_key(plain.replace("th", th).replace("ch", ch)))
        found.add(re.sub("[aeiouy'-]", "", key.translate(_CLASSES)))
    return frozenset(found)
