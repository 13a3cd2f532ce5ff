"""A name of the Russian source that the English has not, while it has another name.

What it flags
    *Austria* where the source has ``Австралия``; *Petrov* for ``Сидоров``; a country that the source does not name.

Why it reads as machine translation
    A system that does not know a name picks a likelier one, or one that is spelled like it. The sentence stays fluent.

Example
    Sidorov was met by Petrov.

Better
    Sidorov was met by Kuznetsov.

Known limits
    Names are compared by sound, through several transliterations, and by the tables of countries and cities of CLDR, so
    one name put for another that sounds alike passes. A name that is only dropped (*he*, *the president*) is the
    translator's right and not flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import product

from mtcheck.detectors.lexicon import is_name, starts_sentence
from mtcheck.detectors.name_key import name_key
from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag, Word
from mtcheck.detectors.source_facts import CYRILLIC, Pair, SourceWord, pairs, source_words
from mtcheck.schema import Severity
from mtcheck.word_frequency import zipf

_SHORTEST = 4
_ALIKE = 0.8  # Jaro-Winkler of name keys: Johnson/Джонсон .87, Hughes/Хьюз .63 (its consonants decide)
_CONSONANTS_ALIKE = 0.75
_ACCENTED = str.maketrans({"č": "ch", "ć": "ch", "š": "sh", "ş": "sh", "ž": "zh", "ł": "l", "ø": "o", "ı": "i"})
_CLASSES = str.maketrans(
    {
        **dict.fromkeys("fvw", "v"),
        **dict.fromkeys("cgkqhxJ", "k"),
        **dict.fromkeys("sSzC", "s"),
        **dict.fromkeys("dt", "t"),
    }
)
_STEM = 5  # letters that a place shares with its adjective: Czech, Czechia
_COUNTRY = 0.7
_MORE_PLACES = {
    "рф": "Russia", "кнр": "China", "кндр": "North Korea", "фрг": "Germany", "гдр": "Germany", "юар": "South Africa",
    "голландия": "Netherlands", "англия": "United Kingdom", "белоруссия": "Belarus", "киргизия": "Kyrgyzstan",
    "эллада": "Greece", "туркмения": "Turkmenistan", "молдавия": "Moldova", "иран": "Iran",
}  # fmt: skip
_FARTHEST = 0.4
_COMMON = 4.2  # on the Zipf scale; Austria has 4.1, Facebook 5.3
_REACH = 2  # neighbouring segments in which a translator may have found a name
_NAMES = frozenset(("Name", "Surn", "Geox"))


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag the English name that stands where the source has another."""
    found = list(pairs(article))
    for at, pair in enumerate(found):
        near = found[max(0, at - _REACH) : at + _REACH + 1]
        for flag in _flags(pair, near):
            yield pair.place(flag)


def _flags(pair: Pair, near: Sequence[Pair]) -> Iterator[Flag]:
    strange = list(_strange_names(pair, near))
    ours = [_bare(word) for word in pair.analysis.words if len(word.text) > 2] if strange else []
    lost = [name for name in _source_names(pair.source) if strange and not any(_same(name, text) for text in ours)]
    for word in strange:
        start, bare = word.span.start, _bare(word)
        theirs = min(lost, key=lambda name: _shift(pair, name, word), default=None)
        if theirs and _shift(pair, theirs, word) < _FARTHEST and _may_be_a_name(bare):
            lost.remove(theirs)
            yield Flag(start, start + len(bare), f"“{bare}”, but the source has “{theirs.text}”", _fix(theirs))
        elif bare in _countries():
            yield Flag(start, start + len(bare), f"the source does not name {bare} here", confidence=_COUNTRY)


def _strange_names(pair: Pair, near: Sequence[Pair]) -> Iterator[Word]:
    """English names that translate nothing of the sources near."""
    sources = [word for other in near for word in source_words(other.source)]
    for word in _english_names(pair.analysis):
        bare = _bare(word)
        copied = bare in pair.source or CYRILLIC.search(bare)
        if not copied and not any(_same(theirs, bare) for theirs in sources):
            yield word


def _bare(word: Word) -> str:
    """The word without a possessive ending."""
    return re.sub("['’]s?$", "", word.text)


def _shift(pair: Pair, theirs: SourceWord, ours: Word) -> float:
    """How far the two stand apart in their sentences, as a share of the sentence."""
    return abs(theirs.start / len(pair.source) - ours.span.start / len(pair.text))


def _may_be_a_name(text: str) -> bool:
    """False for a common word: capitals also mark ministries, committees and titles of works."""
    return text in _places().values() or zipf(text) < _COMMON


def _english_names(analysis: Analysis) -> Iterator[Word]:
    """Capitalised words inside the sentence and countries; none in a title, where every word may have a capital."""
    words = analysis.words
    if sum(word.text[0].isupper() for word in words) > len(words) / 2:
        return
    for word in words:
        inside = is_name(word) and len(word.text) >= _SHORTEST and not starts_sentence(analysis, word)
        if inside or _bare(word) in _countries():
            yield word


def _source_names(source: str) -> Iterator[SourceWord]:
    """Capitalised words inside the sentence that the dictionary knows as names, or does not know at all."""
    for word in source_words(source):
        inside = re.search(r"[\w,;)] [\"«“]?$", source[max(0, word.start - 4) : word.start])
        if (
            len(word.text) < _SHORTEST
            or not word.text[0].isupper()
            or word.text[1:] != word.text[1:].lower()
            or not inside
        ):
            continue
        if any(not reading.known or reading.grammemes & _NAMES for reading in word.readings):
            yield word


def _same(theirs: SourceWord, ours: str) -> bool:
    return may_translate(theirs.text, ours)


@lru_cache(maxsize=100_000)
def may_translate(russian: str, ours: str) -> bool:
    """True when an English word may be the name, or at least the translation, of a Russian word."""
    from mtcheck.alignment.anchors import keys

    theirs = SourceWord(russian, 0, len(russian))
    forms = {part for form in (theirs.lower, *theirs.lemmas) for part in (form, *form.split("-"))}
    parts = {ours.lower(), *ours.lower().split("-")} - {""}
    if ours in _places().values() and (known := {_places()[form] for form in forms if form in _places()}):
        return any(ours == place or ours in place.split() for place in known)
    if any(keys(part) & keys(form) for part in parts for form in forms):
        return True
    if any(
        part[:_STEM] in _places().get(form, "").lower() for part in parts for form in forms if len(part) >= _SHORTEST
    ):
        return True
    both_names = ours[0].isupper() and russian[0].isupper()
    return both_names and any(_alike(form, part) for part in parts for form in forms)


def _alike(russian: str, english: str) -> bool:
    """True when the two may be read aloud alike, or share most of their consonants in order."""
    from rapidfuzz.distance import Indel, JaroWinkler

    mine = name_key(english)
    for latin in _latin(russian):
        theirs = name_key(latin)
        if JaroWinkler.similarity(mine, theirs) >= _ALIKE:
            return True
        for ours, like in product(_consonants(english), _consonants(latin)):
            if min(len(ours), len(like)) > 1 and Indel.normalized_similarity(ours, like) >= _CONSONANTS_ALIKE:
                return True
    return False


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


def _fix(theirs: SourceWord) -> tuple[str, ...]:
    """The name as CLDR writes it, when that knows it."""
    return tuple(_places()[lemma] for lemma in theirs.lemmas if lemma in _places())[:1]


@cache
def _places() -> dict[str, str]:
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


@cache
def _countries() -> frozenset[str]:
    """English names of countries in one word; no continents and unions."""
    from babel import Locale

    names = Locale("en").territories
    return frozenset(name for code, name in names.items() if code.isalpha() and code not in ("EU", "EZ", "UN"))


RULE = DocumentRule(
    name="name-differs-from-source",
    category="accuracy/mistranslation",
    severity=Severity.MAJOR,
    find_all=find_all,
    confidence=0.75,
    needs=("source",),
    must_flag=(
        Example("They then flew to Austria.", "They then flew to Australia.", source="Затем они вылетели в Австралию."),
        Example("He was met by Petrov.", None, source="Его встретил Кузнецов."),
        Example("China must be reunited with Italy.", None, source="Китай должен воссоединиться с островом."),
        Example("The head of the committee, Andreeva, agreed.", None, source="Глава комитета Хьюз согласилась."),
    ),
    must_pass=(
        Example("They then flew to Montenegro and Beijing.", source="Затем они вылетели в Черногорию и Пекин."),
        Example("He was met by Hughes and Jorge Matthews.", source="Его встретили Хьюз и Хорхе Мэттьюс."),
        Example("He was met by the minister, Sergei Lavrov.", source="Его встретил министр Сергей Лавров."),
        Example("The president, Putin, was met by him.", source="Владимира Путина встретил он."),
        Example("He met Lavrov in Moscow.\nThere Lavrov left.", source="Он встретил Лаврова в Москве.\nОн там уехал."),
    ),
)
