"""Edits over small closed sets at flagged words: articles, prepositions, auxiliaries, word order.

The language model does not write anything; it later ranks what these sets allow. Sets of
interchangeable function words after Rozovskaya & Roth (2010), *Generating Confusion Sets for
Context-Sensitive Error Correction*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from mtcheck.alternatives import ProposedEdit
from mtcheck.detectors.grammar import indefinite_article
from mtcheck.detectors.rule import Analysis
from mtcheck.schema import Finding, Span

GENERATOR = "language-model"
_ARTICLES = ("the", "a", "an")
_PREPOSITIONS = ("of", "in", "on", "at", "to", "for", "from", "with", "by", "about", "into", "against")
_AUXILIARIES = (("is", "are"), ("was", "were"), ("has", "have"), ("is", "was"), ("are", "were"), ("does", "do"))


def edits(analysis: Analysis, findings: Iterable[Finding], limit: int = 24) -> list[ProposedEdit]:
    """At most ``limit`` edits for each finding without a ready fix; needs the segment's parse."""
    found: dict[tuple[Span, str], ProposedEdit] = {}
    for finding in findings:
        if finding.fixes or analysis.doc is None:
            continue
        inside = [t for t in analysis.doc if not t.is_space and Span(t.idx, t.idx + len(t)).overlaps(finding.span)]
        options = (*_article_edits(inside), *_swaps(inside), *_order(analysis.text, inside))
        for span, replacement in options[:limit]:
            found[span, replacement] = ProposedEdit(analysis.segment.seg_id, span, replacement, GENERATOR)
    return list(found.values())


def _article_edits(tokens: Sequence[Any]) -> Iterator[tuple[Span, str]]:
    """Insert, drop or change an article in front of a common noun or its modifiers."""
    for token in tokens:
        lower = token.lower_
        if lower in _ARTICLES:
            yield Span(token.idx, token.idx + len(token.text_with_ws)), ""
            following = token.nbor().text if token.i + 1 < len(token.doc) else ""
            for article in ("the", indefinite_article(following)):
                if article != lower:
                    yield _of(token), _cased(article, token.text)
        elif _opens_bare_noun_phrase(token):
            singular = token.tag_ in ("NN", "JJ", "VBG", "VBN")
            for article in ("the", indefinite_article(token.text)) if singular else ("the",):
                yield Span(token.idx, token.idx), f"{article} "


def _opens_bare_noun_phrase(token: Any) -> bool:
    if token.pos_ not in ("NOUN", "ADJ") or token.is_sent_start:
        return False
    previous = token.nbor(-1)
    return previous.pos_ not in ("DET", "ADJ", "NUM", "NOUN", "PRON", "PROPN") and previous.tag_ not in ("POS", "PRP$")


def _swaps(tokens: Sequence[Any]) -> Iterator[tuple[Span, str]]:
    for token in tokens:
        lower = token.lower_
        if token.tag_ in ("IN", "TO") and lower in _PREPOSITIONS:
            for other in _PREPOSITIONS:
                if other != lower:
                    yield _of(token), _cased(other, token.text)
            if not token.is_sent_start:
                yield Span(token.idx, token.idx + len(token.text_with_ws)), ""
        for pair in _AUXILIARIES:
            if lower in pair:
                yield _of(token), _cased(pair[1 - pair.index(lower)], token.text)


def _order(text: str, tokens: Sequence[Any]) -> Iterator[tuple[Span, str]]:
    """Exchange two neighbouring words."""
    for left, right in pairwise(tokens):
        if left.i + 1 == right.i and left.is_alpha and right.is_alpha and not left.is_sent_start and left.whitespace_:
            span = Span(left.idx, right.idx + len(right))
            yield span, f"{right.text}{text[left.idx + len(left) : right.idx]}{left.text}"


def _of(token: Any) -> Span:
    return Span(token.idx, token.idx + len(token))


def _cased(word: str, model: str) -> str:
    return word.capitalize() if model[:1].isupper() else word
