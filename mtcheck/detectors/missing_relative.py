"""A second finite verb after a comma, with nothing to join it to its clause.

What it flags
    ``These initiatives support the proposal, was contained in the draft.``

Why it reads as machine translation
    Russian participles and *который* clauses lose their link: the verb arrives, *which* does not.

Example
    They support the proposal of the envoy, was contained in the draft.

Better
    They support the proposal of the envoy, which was contained in the draft.

Known limits
    Looks at clauses with one comma and no other subordinate clause; a list of three verbs without *and* may be flagged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mtcheck.detectors.grammar import CLAUSE_WORDS, FINITE, NOUNS, QUOTES, text_span
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_AUXILIARIES = frozenset("was were is are has have".split())
_SAYING = frozenset(
    "spoken said stated reported noted told written emphasized stressed".split()
)  # "…, is said in a statement"
_JOINERS = frozenset("that if as when while although because unless though than since so once whether until".split())


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the comma and the stray verb."""
    doc = analysis.doc
    for verb in doc[3:]:
        if verb.lower_ not in _AUXILIARIES or verb.tag_ not in FINITE or doc[verb.i - 1].text != ",":
            continue
        if _dangles(doc, verb):
            start, end = text_span(doc, verb.i - 1, verb.i)
            message = f"“{verb.text}” has no subject: a relative pronoun is missing"
            yield Flag(start, end, message, (f", which {verb.text}", f", and {verb.text}"))


def _dangles(doc: Any, verb: Any) -> bool:
    clause = doc[_sentence_start(doc, verb.i) : verb.i - 1]
    if (
        len(clause) < 4
        or clause[-1].tag_ not in NOUNS
        or verb.i + 1 >= len(doc)
        or doc[verb.i + 1].tag_ in ("PRP", "EX")
        or doc[verb.i + 1].lower_ in _SAYING
    ):
        return False
    finite = [token for token in clause if token.tag_ in FINITE]
    if (
        not finite
        or finite[0].i == clause[0].i
        or not any(t.tag_ in NOUNS or t.tag_ == "PRP" for t in doc[clause[0].i : finite[0].i])
    ):
        return False
    if doc[finite[0].i - 1].tag_ == "PRP" and finite[0].i - 2 >= clause[0].i and doc[finite[0].i - 2].tag_ in NOUNS:
        return False  # "The role you play in the news, is important": the comma is wrong
    plural = clause[-1].tag_ in ("NNS", "NNPS")
    if plural != (verb.lower_ in ("were", "are", "have")) or clause[0].tag_ == "PRP":
        return False  # "It blocks pop-ups, has a neat way ..." is a list of verbs
    if any(t.tag_ == "VBN" and not any(u.lemma_ in ("be", "have") for u in doc[max(0, t.i - 2) : t.i]) for t in clause):
        return False  # "Taxes levied by the state, has risen": the subject is there, the comma is wrong
    if not any(t.tag_ in NOUNS for t in doc[finite[-1].i + 1 : verb.i - 1]):
        return False
    return not any(
        t.text == ","
        or t.tag_ in CLAUSE_WORDS
        or t.tag_ == "EX"
        or t.lower_ in _JOINERS
        or t.text in QUOTES
        or t.text in (":", ";")
        for t in clause
    )


def _sentence_start(doc: Any, at: int) -> int:
    return next((i + 1 for i in range(at - 1, -1, -1) if doc[i].text in (".", "?", "!")), 0)


RULE = Rule(
    name="missing-relative",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example(
            "These initiatives support the proposal of the envoy, was contained in the draft.",
            "These initiatives support the proposal of the envoy, which was contained in the draft.",
        ),
    ),
    must_pass=(
        "The envoy, who supports the proposal, was absent.",
        "The role you play in the production of news, is very important.",
        "The capital of Russia, Moscow, is large.",
        "The minister discussed the price of the gas, is said in the statement of the ministry.",
        "They said the proposal, which failed, was contained in the draft.",
    ),
    confidence=0.75,
    needs=("parser",),
)
