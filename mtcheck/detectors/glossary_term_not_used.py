"""A term of the glossary stands in the Russian source, and its translation not in the English.

What it flags
    The English word that stands beside a source term whose wanted translation is not there.

Why it reads as machine translation
    A system does not know your terms, and picks another translation for each sentence.

Example
    The board of guardians met.

Better
    The supervisory board met.

Known limits
    Needs a source and a glossary (see docs/glossary.md). Russian terms are found in every case and number; of two that
    overlap the longer one counts. A pronoun in place of the term is flagged too. There is no ready wording: where the
    other translation begins and ends is for a person to see.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mtcheck.detectors.rule import Analysis, DocumentRule, Example, Flag
from mtcheck.detectors.source_facts import Pair, SourceWord, pairs
from mtcheck.detectors.wanted_terms import has_wording, hits, source_hits
from mtcheck.glossary import Glossary, Term
from mtcheck.schema import Severity


def find_all(article: Sequence[Analysis]) -> Iterator[tuple[int, Flag]]:
    """Flag the place of each term that is not translated as the glossary wants."""
    for pair in pairs(article):
        glossary = article[pair.first].glossary
        for flag in _flags(pair, glossary.terms) if glossary else ():
            yield pair.place(flag)


def _flags(pair: Pair, terms: Sequence[Term]) -> Iterator[Flag]:
    taken: list[SourceWord] = []
    for term in sorted(terms, key=lambda term: -len(term.source)):
        for place in source_hits(pair.source, term.source):
            if any(word in taken for word in place):
                continue
            taken += place
            if not _rendered(pair.analysis, term):
                span = pair.counterpart(place[0].start, place[-1].end)
                message = f"“{term.source}” is “{term.targets[0]}” in the glossary"
                yield Flag(span.start, span.end, message)
                break


def _rendered(analysis: Analysis, term: Term) -> bool:
    """True when the English has a wanted wording, or a forbidden one, which is another rule's business."""
    return any(has_wording(analysis, target) for target in term.targets) or any(
        any(hits(analysis, bad)) for bad in term.forbidden
    )


_BOARD = Glossary((Term("наблюдательный совет", ("supervisory board",)), Term("совет", ("council", "advice"))))

RULE = DocumentRule(
    name="glossary-term-not-used",
    category="terminology/wrong-term",
    severity=Severity.MAJOR,
    find_all=find_all,
    confidence=0.9,
    needs=("source", "glossary"),
    must_flag=(
        Example("The board of guardians met.", None, "Собрался наблюдательный совет.", _BOARD),
        Example("He went to the soviet.", None, "Он пошёл в совет.", _BOARD),
    ),
    must_pass=(
        Example(
            "Members of supervisory boards met.", source="Собрались члены наблюдательных советов.", glossary=_BOARD
        ),
        Example("He gave good advice.", source="Он дал хорошие советы.", glossary=_BOARD),
        Example("He met them.", source="Он встретил их.", glossary=_BOARD),
        Example("He went to the soviet.", source="Он пошёл в совет."),
    ),
)
