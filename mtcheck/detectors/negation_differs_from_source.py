"""A negation of the Russian source that the English has lost, or one that it has gained.

What it flags
    *He agreed* for ``Он не согласился``; *He did not come* for ``Он пришёл``.

Why it reads as machine translation
    A dropped *not* turns the sentence round, and the result is as fluent as the right one.

Example
    He agreed with the decision.

Better
    He did not agree with the decision.

Known limits
    Only plain negations count: ``не`` before a word whose translation stands in the English, ``нельзя``. Set phrases
    that English says without a negation (``не только``, ``не раз``, ``чуть не``, ``пока не``) are left alone, and so is
    every English sentence that has any word of a negative sense (*fail*, *refuse*, *lack*, *un-*, *until*, *only*).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from mtcheck.detectors.phrase_table import table_lines
from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag
from mtcheck.detectors.source_facts import Pair, pairs, source_words
from mtcheck.schema import Severity

_LOST, _GAINED = 0.75, 0.75
_NEXT = 3
_NOT_BEFORE = frozenset("ли чуть едва пока если вряд а что как кто где куда кем чем сколько никто".split())
_PLAIN_NOT = re.compile(r"(?:(?<![а-яё-])([а-яё]+) )?(?<![а-яё-])(не ([а-яё]+)|нельзя|невозможно)(?![а-яё])", re.I)
_CONTRACTED = re.compile(r"\w+n[’']t\b", re.I)
_PLAIN_ENGLISH_NOT = re.compile(
    r"\b(?:(?:is|are|was|were|has|have|had|do|does|did|will|would|can|could|should|must|may|might)(?: not|n[’']t)"
    r"|cannot)\b(?! (?:only|just|yet|until|merely|simply|necessarily))",
    re.I,
)
_QUESTION = re.compile(r"\?[”\"»’']?\s*$")


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag the English word where a negation is missing, or the negation that the source has not."""
    for pair in pairs(article):
        for flag in _flags(pair):
            yield pair.place(flag)


def _flags(pair: Pair) -> Iterator[Flag]:
    theirs = _plain_negation(pair.source)
    negative = _words("en", "negative").search(pair.text) or _CONTRACTED.search(pair.text)
    if theirs and not negative and not _QUESTION.search(pair.source) and _russian_is_in(theirs[3], pair.text):
        span = pair.counterpart(*theirs.span(2))
        yield Flag(span.start, span.end, f"the source's “{theirs[2]}” has no counterpart", confidence=_LOST)
    ours = _PLAIN_ENGLISH_NOT.search(pair.text)
    copied = ours and ours.group() in pair.source  # the title of a song
    if ours and not copied and not _words("ru", "negative").search(pair.source) and _english_is_in(ours.end(), pair):
        yield Flag(*ours.span(), f"“{ours.group()}”, but the source has no negation", confidence=_GAINED)


def _russian_is_in(negated: str | None, english: str) -> bool:
    """True when a translation of the negated word stands in the English: it is not merely said otherwise."""
    if not negated:
        return True
    (word,) = source_words(negated)
    return any(_translated(form, english) for form in (word.lower, *word.lemmas))


def _english_is_in(after: int, pair: Pair) -> bool:
    """True when one of the words right after the English negation translates a word of the source."""
    return any(_translated(word, pair.source) for word in re.findall(r"\w+", pair.text[after:])[:_NEXT])


def _translated(word: str, text: str) -> bool:
    """True when the lexicon knows a translation of the word that stands in the text."""
    from mtcheck.alignment.anchors import keys, words

    wanted = {key for key in keys(word.lower()) if key.startswith("=")}
    return any(wanted & keys(other) for other in words(text))


def _plain_negation(source: str) -> re.Match[str] | None:
    """The first ``не`` of the source that negates a verb, an adjective or a predicate, outside set phrases."""
    for match in _PLAIN_NOT.finditer(source):
        before, after = (match[1] or "").lower(), match[3]
        asks = re.match(r"\s+ли\b", source[match.end() :])  # whether it is not
        if before not in _NOT_BEFORE and not asks and not (after and _words("ru", "not-plain").fullmatch(after)):
            return match
    return None


@cache
def _words(language: str, role: str) -> re.Pattern[str]:
    """Any of the words of the table that have the role."""
    rows = (row for row in table_lines("negation.tsv") if row[:2] == [language, role])
    patterns = [pattern.replace("*", r"\w*") for row in rows for pattern in row[2].split()]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(patterns)})(?!\w)", re.I)


RULE = DocumentRule(
    name="negation-differs-from-source",
    category="accuracy/mistranslation",
    severity=Severity.CRITICAL,
    find_all=find_all,
    confidence=0.75,
    needs=("source",),
    must_flag=(
        Example("He agreed with the decision.", source="Он не согласился с решением."),
        Example("He did not agree with the decision.", source="Он согласился с решением."),
    ),
    must_pass=(
        Example("He failed to come.", source="Он не пришёл."),
        Example("He did not come.", source="Он не пришёл."),
        Example("He asked if they needed help.", source="Он спросил, не нужна ли им помощь."),
        Example("He has come more than once.", source="Он приходил не раз."),
        Example("He waited until they came.", source="Он ждал, пока они не придут."),
        Example("He is not at work without leave.", source="Он отсутствует на работе."),
    ),
)
