"""A sentence of the Russian source that the English leaves out.

What it flags
    The place after which a source sentence has no counterpart.

Why it reads as machine translation
    A system that translates several sentences at once may drop one, most often a short one.

Example
    He came on Monday. He left on Friday.

Better
    He came on Monday. He found nobody there. He left on Friday.

Known limits
    Relies on the alignment of the two texts: a sentence that is merged into its neighbour, or rendered elsewhere in the
    article, may look omitted. Sentences of one or two words are not reported. The finding stands at the end of the
    sentence before the gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag
from mtcheck.detectors.source_facts import Pair, pairs, source_words
from mtcheck.schema import Severity

_FEWEST = 3
_QUOTED = 80
_LETTERS = 4
_LITTLE, _MUCH, _ELSEWHERE = 0.2, 0.4, 0.4


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag the last word before the gap."""
    for index, analysis in enumerate(article):
        missing = [sentence for sentence in analysis.segment.omitted if len(source_words(sentence)) >= _FEWEST]
        if missing and analysis.words:
            yield index, _flag(analysis, missing)
    for pair in pairs(article):
        missing = _without_counterpart(pair)
        if missing and pair.analysis.words:
            yield pair.place(_flag(pair.analysis, missing))


def _flag(analysis: Analysis, missing: Sequence[str]) -> Flag:
    last = analysis.words[-1].span
    return Flag(last.start, last.end, "not translated: " + " ".join(map(_shortened, missing)))


def _without_counterpart(pair: Pair) -> list[str]:
    """Sentences of a source of several, that share next to nothing with English which renders the others."""
    from mtcheck.alignment.anchors import keys, words
    from mtcheck.segmentation import sentence_spans

    spans = sentence_spans(pair.source, "ru")
    if len(spans) < 2:
        return []
    sentences = [pair.source[span.start : span.end] for span in spans]
    here = frozenset(key for word in words(pair.text) for key in keys(word))
    around = frozenset(key for text in pair.around for word in words(text) for key in keys(word))
    shares = [_share(sentence, here) for sentence in sentences]
    return [
        sentence
        for sentence, share in zip(sentences, shares, strict=True)
        if share < _LITTLE and max(shares) > _MUCH and _share(sentence, around) < _ELSEWHERE
    ]


def _share(sentence: str, known: frozenset[str]) -> float:
    """Share of the words of four letters or more that have a counterpart among the keys; 1 for a short sentence."""
    from mtcheck.alignment.anchors import keys, words

    content = [word for word in words(sentence) if len(word) >= _LETTERS]
    return sum(not keys(word).isdisjoint(known) for word in content) / len(content) if len(content) >= _FEWEST else 1.0


def _shortened(sentence: str) -> str:
    whole = len(sentence) <= _QUOTED
    return f"“{sentence}”" if whole else f"“{sentence[:_QUOTED].rsplit(' ', 1)[0]}…”"


RULE = DocumentRule(
    name="omitted-sentence",
    category="accuracy/omission",
    severity=Severity.MAJOR,
    find_all=find_all,
    confidence=0.85,
    needs=("source",),
    must_flag=(
        Example("He came.\nHe left.", source="Он приехал.\n[Там никого не было.]\nОн уехал."),
        Example(
            "The president arrived in Moscow.", source="Президент приехал в Москву. Переговоры начнутся завтра утром."
        ),
    ),
    must_pass=(Example("He came.\nHe left.", source="Он приехал.\nОн уехал."),),
)
