"""A plural subject with a singular verb.

What it flags
    *is*, *was* or *has* right after a plural noun that begins its clause.

Why it reads as machine translation
    The verb was chosen for another subject, or for none: Russian past tenses and short participles
    carry too little for the translator to see the number.

Example
    Its earnings is close to 1 million pounds.

Better
    Its earnings are close to 1 million pounds.

Known limits
    Looks only at a subject that touches its verb, because further away the parser is seldom right on
    broken English. Plural forms that take a singular verb (*news*, *politics*, *two weeks is*) pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mtcheck.detectors.grammar import plural_verb, text_span
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity
from mtcheck.word_frequency import zipf

_VERBS = frozenset({"was", "is", "has"})
_SINGULAR_IN_S = frozenset(
    "data statistics politics economics physics news media athletics police mathematics series species headquarters "
    "means gymnastics electronics ethics works logistics tactics dynamics diabetes measles folks thanks crossroads "
    "games states nations times awards summons robotics genetics graphics linguistics analytics acoustics "
    "aerobics".split()
)
_INSIDE = frozenset({"JJ", "JJR", "JJS", "NN", "DT", "PRP$", "RB", "VBN", "VBG"})
_SPOILS = frozenset({"CD", "VBG", "$", "WP", "WDT", "WRB"})
_ANTECEDENTS = frozenset({"NN", "NNS", "NNP", "DT", "PRP"})
_COMMON = 3.5  # Zipf frequency below which a first word is rather a name
_OPENS_CLAUSE = frozenset({"that", "because", "but", "although", "while", "whether", "if"})


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the verb after a plural subject that begins a clause."""
    doc = analysis.doc
    for verb in doc:
        if verb.lower_ not in _VERBS or verb.tag_ not in ("VBD", "VBZ") or verb.i == 0:
            continue
        at = verb.i - 1
        if at and doc[at].tag_ == "RB":
            at -= 1
        if _plural_subject(doc, at):
            start, end = text_span(doc, verb.i, verb.i)
            better = plural_verb(verb.text)
            yield Flag(start, end, f"“{doc[at].text}” is plural, “{verb.text}” is singular", (better,))


def _plural_subject(doc: Any, at: int) -> bool:
    noun = doc[at]
    if noun.tag_ != "NNS" or not noun.text.endswith("s") or not noun.text.isalpha() or noun.lemma_ == noun.lower_:
        return False
    if noun.lower_ in _SINGULAR_IN_S or not noun.text[1:].islower() or (at and noun.text[0].isupper()):
        return False
    if not at and zipf(noun.lower_) < _COMMON:
        return False  # a surname: Hindes, Aragones
    left = at - 1
    while left >= 0 and doc[left].tag_ in _INSIDE:
        left -= 1
    if any(
        token.tag_ in _SPOILS or token.lower_ in ("every", "each") or token.text.endswith("ing")
        for token in doc[left + 1 : at]
    ):
        return False
    if left >= 1 and doc[left].lower_ == "that" and doc[left - 1].tag_ in _ANTECEDENTS:
        return False  # "not everything that glitters is gold"
    return left < 0 or doc[left].text == "." or doc[left].lower_ in _OPENS_CLAUSE


RULE = Rule(
    name="number-verb-disagreement",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example("Its earnings is close to one million pounds.", "Its earnings are close to one million pounds."),
        Example("Higher wages is also included in the list.", "Higher wages are also included in the list."),
    ),
    must_pass=(
        "The news is good.",
        "One of the ministers was dismissed.",
        "Ten years is a long time.",
        "Playing games is fun.",
        "Hindes was narrowly behind after his lap.",
        "Not everything that glitters is gold.",
        "The summons was retracted.",
    ),
    confidence=0.95,
    needs=("parser",),
)
