"""What rules read in the Russian source: its words with their dictionary forms, and where they stand in the English."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from itertools import groupby
from typing import Any

from mtcheck.detectors.rule import Analysis, Flag
from mtcheck.schema import Span

_RUSSIAN = re.compile(r"[а-яё]+(?:-[а-яё]+)*", re.IGNORECASE)
CYRILLIC = re.compile(r"[\u0400-\u052f]")
_NEAR = 12  # source words tried when a message needs a place


@dataclass(frozen=True, slots=True)
class Reading:
    """One dictionary reading of a Russian word form.

    lemma: in lower case, ё kept; grammemes: of OpenCorpora (``NOUN``, ``Surn``, ``neut``); known: to the dictionary.
    """

    lemma: str
    grammemes: frozenset[str]
    known: bool


@dataclass(frozen=True, slots=True)
class SourceWord:
    """A Russian word of the source: its text and its place in the source."""

    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        """The word in lower case, ё as е: Russian news writes both."""
        return self.text.lower().replace("ё", "е")

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Dictionary readings, likeliest first."""
        return readings(self.lower)

    @property
    def lemmas(self) -> frozenset[str]:
        """Every dictionary form the word may belong to, ё as е."""
        return frozenset(reading.lemma.replace("ё", "е") for reading in self.readings)


@lru_cache(maxsize=4_096)
def source_words(source: str) -> tuple[SourceWord, ...]:
    """The Russian words of a source, hyphenated ones whole."""
    return tuple(SourceWord(match.group(), *match.span()) for match in _RUSSIAN.finditer(source))


@lru_cache(maxsize=100_000)
def readings(word: str) -> tuple[Reading, ...]:
    """Readings of a Russian word in lower case (pymorphy3, OpenCorpora dictionary)."""
    return tuple(
        Reading(parse.normal_form, frozenset(re.split("[, ]", str(parse.tag))), parse.is_known)
        for parse in _morphology().parse(word)
    )


@cache
def _morphology() -> Any:
    from pymorphy3 import MorphAnalyzer  # a tenth of a second that only a source costs

    return MorphAnalyzer()


@dataclass(frozen=True)  # no slots: it remembers
class Pair:
    """A source sentence and the English that renders it: one segment, or several that share the source.

    analysis: the English of all of them, joined by a space, as one segment; first: index of the first in the article.
    around, sources_around: the neighbours' English and Russian: translators move facts from sentence to sentence.
    """

    source: str
    analysis: Analysis
    first: int
    lengths: tuple[int, ...]
    around: tuple[str, ...] = ()
    sources_around: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The English, joined."""
        return self.analysis.text

    def place(self, flag: Flag) -> tuple[int, Flag]:
        """The flag in the segment of the article in which it starts, clipped to that segment."""
        offset = 0
        for index, length in enumerate(self.lengths, self.first):
            if flag.start <= offset + length:
                end = min(flag.end - offset, length)
                return index, replace(flag, start=flag.start - offset, end=max(flag.start - offset, end))
            offset += length + 1
        raise ValueError(f"flag at {flag.start} lies outside its pair")

    def counterpart(self, start: int, end: int) -> Span:
        """The English word that stands where ``source[start:end]`` should: a message needs a place.

        That is the translation of the nearest source word that has one, by the alignment's lexicon; failing
        that, the last word.
        """
        from mtcheck.alignment.anchors import keys

        words, theirs = self.analysis.words, source_words(self.source)
        at = bisect_left(theirs, start, key=lambda word: word.start)
        beside = theirs[max(0, at - _NEAR) : at + _NEAR]
        near = sorted(beside, key=lambda word: max(word.start - end, start - word.end))
        for word in near[:_NEAR]:
            found = [self._first_with[key] for key in keys(word.text.lower()) if key in self._first_with]
            if found:
                return words[min(found)].span
        return words[-1].span if words else Span(0, len(self.text))

    @cached_property
    def _first_with(self) -> dict[str, int]:
        """By each key of the alignment's lexicon, which English word has it first."""
        from mtcheck.alignment.anchors import keys

        first: dict[str, int] = {}
        for at, word in enumerate(self.analysis.words):
            for key in keys(word.lower) if len(word.text) > 2 else ():
                first.setdefault(key, at)
        return first


def _together(item: tuple[int, Analysis]) -> tuple[str, int]:
    """What the parts of one pair have in common."""
    index, analysis = item
    return analysis.segment.source or "", index if analysis.segment.own_source else -1


def pairs(article: Sequence[Analysis]) -> Iterator[Pair]:
    """The segments that have a source, those that share one (a sentence cut in two) taken together."""
    runs = [list(run) for _, run in groupby(enumerate(article), key=_together)]
    texts = [" ".join(analysis.text for _, analysis in run) for run in runs]
    for at, run in enumerate(runs):
        first, analysis = run[0]
        if not analysis.segment.source:
            continue
        joined = Analysis.of(replace(analysis.segment, hypothesis=texts[at], gaps=(), protected=()), doc=analysis.doc)
        yield Pair(
            source=analysis.segment.source,
            analysis=analysis if len(run) == 1 else joined,
            first=first,
            lengths=tuple(len(analysis.text) for _, analysis in run),
            around=tuple(texts[beside] for beside in (at - 1, at + 1) if 0 <= beside < len(runs)),
            sources_around=tuple(
                runs[beside][0][1].segment.source or "" for beside in (at - 1, at + 1) if 0 <= beside < len(runs)
            ),
        )
