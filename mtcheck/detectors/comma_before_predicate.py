"""A single comma between a subject and its verb.

What it flags
    ``Experts interviewed by the agency, do not expect cuts``, ``Drivers who park here, will be fined``.

Why it reads as machine translation
    Russian closes a participle phrase or a relative clause after its noun with a comma; the system kept the second
    comma and lost, or rightly left out, the first.

Example
    Experts interviewed by the agency, do not expect new cuts.

Better
    Experts interviewed by the agency do not expect new cuts.

Known limits
    Only where the sentence opens with its subject and no other mark stands before the verb.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mtcheck.detectors.grammar import FINITE, NOUNS, text_span
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_OPENS = frozenset({"DT", "NN", "NNS", "NNP", "JJ", "CD", "PRP$"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_MARKS = frozenset(',;:–—-"“”«»(')
_RELATIVE = frozenset({"who", "which", "that"})
_REPORTS = frozenset("says said say writes wrote reports reported notes noted thinks believes according".split())


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the comma with the word before it."""
    doc = analysis.doc
    for start in (token.i for token in doc if token.is_sent_start):
        comma = next((t for t in doc[start:] if t.text in _MARKS), None)
        if comma is None or comma.text != "," or doc[start].tag_ not in _OPENS or comma.i + 2 >= len(doc):
            continue
        if _splits(doc, start, comma.i):
            first, end = text_span(doc, comma.i - 1, comma.i)
            yield Flag(first, end, "no comma between a subject and its verb", (doc[comma.i - 1].text,))


def _splits(doc: Any, start: int, comma: int) -> bool:
    """True for a noun with a participle phrase or a relative clause before the comma and a finite verb after it."""
    verb, before = doc[comma + 1], doc[start:comma]
    if verb.tag_ not in FINITE or verb.lower_ in _REPORTS or any(t.text in ",:" for t in doc[comma + 2 : comma + 5]):
        return False
    noun = next((t.i for t in before if t.tag_ in NOUNS and doc[t.i + 1].tag_ not in (*NOUNS, "POS")), None)
    if noun is None or any(t.tag_ in FINITE for t in doc[start:noun]):
        return False
    after = doc[noun + 1]
    if after.tag_ in ("VBN", "VBG"):
        return not any(t.tag_ in FINITE for t in doc[noun + 1 : comma])
    verbs = sum(t.tag_ in FINITE for t in doc[noun + 1 : comma])
    return after.lower_ in _RELATIVE and verbs == 1 and doc[noun + 2].tag_ in FINITE


RULE = Rule(
    name="comma-before-predicate",
    category="fluency/punctuation",
    severity=Severity.MINOR,
    find=find,
    must_flag=(
        Example(
            "Experts interviewed by the agency, do not expect new cuts.",
            "Experts interviewed by the agency do not expect new cuts.",
        ),
        Example("Drivers who park here, will be fined.", "Drivers who park here will be fined."),
    ),
    must_pass=(
        "Experts, interviewed by the agency, do not expect new cuts.",
        "The rate is falling, said the minister.",
        "The bank that cut rates said so, did it not.",
        "Rates fell, and experts were glad.",
    ),
    confidence=0.88,
    needs=("parser",),
)
