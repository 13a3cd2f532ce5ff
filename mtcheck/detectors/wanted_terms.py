"""Where the wordings of a user's glossary stand in English and in Russian text, whatever their endings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from mtcheck.detectors.phrase_table import adjoining, like
from mtcheck.detectors.rule import Analysis, Flag, Word
from mtcheck.detectors.source_facts import SourceWord, source_words
from mtcheck.schema import Applicability

_PARTS = re.compile(r"[^\W_]+(?:['’\-.][^\W_]+)*", re.UNICODE)
_POSSESSIVE = re.compile(r"['’]s?$")
_ARTICLE = re.compile(r"\ban?\s+$", re.I)
_VOWEL = re.compile(r"[aeiou]", re.I)
_STEM = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """A wording found in English: code points and the words it covers.

    plural: the last word is in another number than the wording's; exact: every word is in the wording's own form.
    A possessive ending such as ``'s`` stays outside.
    """

    start: int
    end: int
    words: tuple[Word, ...]
    plural: bool = False
    exact: bool = True

    def touches(self, other: Hit) -> bool:
        """True when the two share a code point."""
        return self.start < other.end and other.start < self.end


def hits(analysis: Analysis, wording: str, *, case: bool = False) -> Iterator[Hit]:
    """Every place of a wording in English, in singular or plural, with or without a possessive ending.

    case: capitals must be those of the wording.
    """
    wanted = _PARTS.findall(wording)
    words = analysis.words
    for at in range(len(words) - len(wanted) + 1):
        here = words[at : at + len(wanted)]
        if all(adjoining(analysis, at + i) for i in range(len(wanted) - 1)) and _fits(here, wanted, case):
            last = _POSSESSIVE.sub("", here[-1].text)
            end = here[-1].span.start + len(last)
            exact = [word.lower for word in here[:-1]] + [last.lower()] == [part.lower() for part in wanted]
            yield Hit(here[0].span.start, end, tuple(here), not exact and last.lower() != wanted[-1].lower(), exact)


def _fits(here: Sequence[Word], wanted: Sequence[str], case: bool) -> bool:
    texts = [word.text for word in here[:-1]] + [_POSSESSIVE.sub("", here[-1].text)]
    if case:
        return texts == list(wanted)
    return all(_same_noun(text, part) for text, part in zip(texts, wanted, strict=True))


@cache
def _same_noun(text: str, wanted: str) -> bool:
    """True for a word and its plural; an acronym must be one in the text too."""
    if wanted.isupper() and len(wanted) > 1 and not text.isupper():
        return False
    left, right = text.lower().replace("’", "'"), wanted.lower().replace("’", "'")
    return left == right or (left[:2] == right[:2] and _singular(left) == _singular(right))


@cache
def _singular(word: str) -> str:
    from inflection import singularize

    return str(singularize(word))


def has_wording(analysis: Analysis, wording: str) -> bool:
    """True when the text may hold the wording in any form: its words, or words that begin like them, in a row."""
    stems = [part[: max(_STEM, len(part) - 3)] for part in _PARTS.findall(wording.lower())]
    return re.search(r"\w*\W+".join(map(re.escape, stems)), analysis.text.lower()) is not None


def replacement(analysis: Analysis, hit: Hit, wording: str) -> tuple[str, Applicability]:
    """The wanted wording in the number and capitals of what it replaces, and how far that may be trusted.

    It is safe for one plain word form that needs no other article; anything else is for a person to look at.
    """
    better = _pluralised(wording) if hit.plural else wording
    found = analysis.text[hit.start : hit.end]
    if not any(map(str.isupper, wording)) and found.lower() != wording.lower():
        better = like(found, better)
    article = _ARTICLE.search(analysis.text, max(0, hit.start - 20), hit.start)
    same_sound = bool(_VOWEL.match(found)) == bool(_VOWEL.match(better))
    plain = hit.exact and len(hit.words) == 1 and " " not in wording and (same_sound or not article)
    return better, Applicability.SAFE if plain else Applicability.REVIEW


def _pluralised(wording: str) -> str:
    from inflection import pluralize

    head, space, last = wording.rpartition(" ")
    return f"{head}{space}{pluralize(last)}"


def unwanted(
    analysis: Analysis, pairs: Iterable[tuple[str, str, str]], kept: Iterable[str], *, safe: bool = False
) -> Iterator[Flag]:
    """Flag each unwanted wording of ``pairs`` (unwanted, wanted, message), the longest first, outside ``kept`` ones.

    safe: the fix is right whatever its form.
    """
    wanted = [hit for wording in kept for hit in hits(analysis, wording)]
    taken: list[Hit] = []
    for bad, good, message in sorted(pairs, key=lambda pair: -len(pair[0])):
        case = bad.lower() == good.lower()  # only the capitals differ, and a sentence begins with one anyway
        for hit in hits(analysis, bad, case=case):
            opens = case and not analysis.text[: hit.start].strip(" “\"'‘«([")
            if opens or any(hit.touches(other) for other in (taken if case else [*taken, *wanted])):
                continue
            taken.append(hit)
            better, trust = replacement(analysis, hit, good)
            if better != analysis.text[hit.start : hit.end]:
                yield Flag(hit.start, hit.end, message, (better,), Applicability.SAFE if safe else trust)


def source_hits(source: str, wording: str) -> Iterator[tuple[SourceWord, ...]]:
    """Every place of a Russian wording in the source, whatever its endings."""
    words, wanted = source_words(source), source_words(wording)
    for at in range(len(words) - len(wanted) + 1) if wanted else ():
        here = words[at : at + len(wanted)]
        gaps = (source[left.end : right.start] for left, right in pairwise(here))
        if all(gap.isspace() for gap in gaps) and all(map(_same_lemma, here, wanted)):
            yield here


def _same_lemma(left: SourceWord, right: SourceWord) -> bool:
    return left.lower == right.lower or not left.lemmas.isdisjoint(right.lemmas)
