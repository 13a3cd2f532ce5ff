"""A sentence that begins with its verb and has no subject before it.

What it flags
    ``Is located in Moscow.``, ``Was freed also the deputy director.``, ``Received prison sentences residents of ...``.

Why it reads as machine translation
    Russian may put the verb first or leave the pronoun out; an English statement needs its subject before the verb.

Example
    Filed an appeal to the court.

Better
    He filed an appeal to the court. (Only the text tells whether it is *he*, *she*, *they* or *it*.)

Known limits
    Questions, commands, *said* in inverted attributions and verbless titles pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mtcheck.detectors.grammar import CLAUSE_WORDS, is_sentence, text_span
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_NOT_FAULTY = frozenset("said says asked adds added let had were should thanks thank please see come".split())
_SURE = frozenset("is was are has have became began received came went took made".split())
_INVERTED = frozenset("i we you he she it they this that there n't not".split())
_MIN_TOKENS = 5


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the finite verb at the start of a statement."""
    doc, text = analysis.doc, analysis.text
    if len(doc) < _MIN_TOKENS or not is_sentence(text) or text.rstrip('"”’ ').endswith(("?", "!")):
        return
    verb, after = doc[0], doc[1]
    if verb.tag_ not in ("VBZ", "VBD", "VBP") or not verb.text.isalpha() or not verb.text.istitle():
        return
    if verb.lower_ in _NOT_FAULTY or after.lower_ in _INVERTED:
        return
    if verb.lower_ not in _SURE and (verb.tag_ == "VBP" or after.tag_ in ("NNP", "NNPS", "VBZ", "VBD", "VBP", "MD")):
        return
    if verb.lower_ not in _SURE and any(t.tag_ in ("VBD", "VBZ", "VBP", "MD") for t in _same_clause(doc)):
        return
    yield Flag(*text_span(doc, 0, 0), "the sentence begins with its verb: the subject is missing or stands too late")


def _same_clause(doc: Any) -> Iterator[Any]:
    for token in doc[1:]:
        if token.text in (",", ";", ":") or token.tag_ in CLAUSE_WORDS or token.dep_ == "mark":
            return
        yield token


RULE = Rule(
    name="sentence-without-subject",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example("Is located in the centre of the city.", None),
        Example("Was freed also the deputy director of the company.", None),
    ),
    must_pass=("Is it good or bad for us?", "Said the minister to the press.", "Let us begin with the facts."),
    confidence=0.93,
    needs=("parser",),
)
