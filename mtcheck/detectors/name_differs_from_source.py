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

from mtcheck.detectors.lexicon import is_name, starts_sentence
from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag, Word
from mtcheck.detectors.source_facts import CYRILLIC, Pair, SourceWord, pairs, source_words
from mtcheck.detectors.source_names import countries, english_words, meet, places, russian_words
from mtcheck.schema import Severity
from mtcheck.word_frequency import zipf

_SHORTEST = 4
_COUNTRY = 0.7
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
    if not strange:
        return
    ours = english_words(frozenset(_bare(word) for word in pair.analysis.words if len(word.text) > 2))
    lost = [name for name in _source_names(pair.source) if not meet(russian_words(frozenset([name.text])), ours)]
    for word in strange:
        start, bare = word.span.start, _bare(word)
        theirs = min(lost, key=lambda name: _shift(pair, name, word), default=None)
        if theirs and _shift(pair, theirs, word) < _FARTHEST and _may_be_a_name(bare):
            lost.remove(theirs)
            yield Flag(start, start + len(bare), f"“{bare}”, but the source has “{theirs.text}”", _fix(theirs))
        elif bare in countries():
            yield Flag(start, start + len(bare), f"the source does not name {bare} here", confidence=_COUNTRY)


def _strange_names(pair: Pair, near: Sequence[Pair]) -> Iterator[Word]:
    """English names that translate nothing of the sources near."""
    sources = [russian_words(frozenset(word.text for word in source_words(other.source))) for other in near]
    for word in _english_names(pair.analysis):
        bare = _bare(word)
        copied = bare in pair.source or CYRILLIC.search(bare)
        if not copied and not any(meet(source, english_words(frozenset([bare]))) for source in sources):
            yield word


def _bare(word: Word) -> str:
    """The word without a possessive ending."""
    return re.sub("['’]s?$", "", word.text)


def _shift(pair: Pair, theirs: SourceWord, ours: Word) -> float:
    """How far the two stand apart in their sentences, as a share of the sentence."""
    return abs(theirs.start / len(pair.source) - ours.span.start / len(pair.text))


def _may_be_a_name(text: str) -> bool:
    """False for a common word: capitals also mark ministries, committees and titles of works."""
    return text in places().values() or zipf(text) < _COMMON


def _english_names(analysis: Analysis) -> Iterator[Word]:
    """Capitalised words inside the sentence and countries; none in a title, where every word may have a capital."""
    words = analysis.words
    if sum(word.text[0].isupper() for word in words) > len(words) / 2:
        return
    for word in words:
        inside = is_name(word) and len(word.text) >= _SHORTEST and not starts_sentence(analysis, word)
        if inside or _bare(word) in countries():
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


def _fix(theirs: SourceWord) -> tuple[str, ...]:
    """The name as CLDR writes it, when that knows it."""
    return tuple(places()[lemma] for lemma in theirs.lemmas if lemma in places())[:1]


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
