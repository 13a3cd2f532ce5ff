"""A wording that the glossary forbids.

What it flags
    A term in the column *forbidden* of your glossary, in singular or plural, with or without a possessive ending.

Why it reads as machine translation
    A system does not know your house style: it takes the commonest translation, and not the same one every time.

Example
    The special military operation budget grew.

Better
    The invasion budget grew.

Known limits
    Needs a glossary (see docs/glossary.md). With a source, a wording is forbidden only where the Russian term stands
    in it. Plurals are made by rule; verbs are found only in the forms that are listed.
"""

from __future__ import annotations

from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.detectors.wanted_terms import source_hits, unwanted
from mtcheck.glossary import Glossary, Term
from mtcheck.schema import Severity


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the wording, with the preferred one as its fix."""
    if not analysis.glossary:
        return
    terms = [term for term in analysis.glossary.terms if term.forbidden and _applies(term, analysis.segment.source)]
    pairs = [(bad, term.targets[0], _message(term)) for term in terms for bad in term.forbidden]
    yield from unwanted(analysis, pairs, [target for term in terms for target in term.targets])


def _applies(term: Term, source: str | None) -> bool:
    return not (source and term.source) or any(source_hits(source, term.source))


def _message(term: Term) -> str:
    note = f" ({term.note})" if term.note else ""
    return f"the glossary wants “{term.targets[0]}”{note}"


_PREMIER = Glossary((Term("премьер-министр", ("prime minister",), ("premier", "minister-president")),))
_TURBINE = Glossary((Term("", ("gas turbine",), ("turbine of gas",)), Term("", ("internet",), ("Internet", "web"))))

RULE = Rule(
    name="forbidden-term",
    category="terminology/wrong-term",
    severity=Severity.MAJOR,
    find=find,
    confidence=0.95,
    needs=("glossary",),
    must_flag=(
        Example("The premiers met.", "The prime ministers met.", glossary=_PREMIER),
        Example("The Premier’s plan.", "The Prime minister’s plan.", glossary=_PREMIER),
        Example("He met the premier.", "He met the prime minister.", "Он встретил премьер-министра.", _PREMIER),
        Example("A turbine of gas and the Internet.", "A gas turbine and the internet.", glossary=_TURBINE),
    ),
    must_pass=(
        Example("The prime minister met him.", glossary=_PREMIER),
        Example("The premier of the film.", source="Премьера фильма.", glossary=_PREMIER),
        Example("Internet users met.", glossary=_TURBINE),
        Example("The premier met him."),
    ),
)
