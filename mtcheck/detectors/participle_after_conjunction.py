"""A conjunction followed at once by a verb and its object, with no subject between.

What it flags
    ``when rejected the French draft``, ``after learned the news``.

Why it reads as machine translation
    Russian may leave out *they* (*когда отклонили проект*); English needs a passive, a subject or an -ing form.

Example
    The draft failed when rejected the French proposal.

Better
    The draft failed when the French proposal was rejected.

Known limits
    *when asked the question*, *if given the chance* are good English: verbs with two objects pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mtcheck.detectors.grammar import text_span
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_CONJUNCTIONS = frozenset("when after before while because if until unless".split())
_DETERMINERS = frozenset("the a an these those his her its their our".split())
_TWO_OBJECTS = frozenset(
    "asked given offered told shown paid granted awarded handed taught denied allowed sent promised refused dealt lent "
    "was were is had did has including leaving called installed made left put set".split()
)
_INSIDE = frozenset({"DT", "JJ", "NN", "NNS", "NNP", "NNPS", "PRP$", "CD", "VBN", "POS", "HYPH"})


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the conjunction, the verb and its object; offer the passive when the object's end is plain."""
    doc = analysis.doc
    for word in doc[: max(0, len(doc) - 3)]:
        verb, article = doc[word.i + 1], doc[word.i + 2]
        if word.lower_ not in _CONJUNCTIONS or verb.tag_ not in ("VBN", "VBD") or article.lower_ not in _DETERMINERS:
            continue
        if (
            verb.lower_ in _TWO_OBJECTS
            or not verb.text.islower()
            or (word.i and doc[word.i - 1].lower_ in ("long", "soon"))
        ):
            continue
        yield _flag(doc, word, verb)


def _flag(doc: Any, word: Any, verb: Any) -> Flag:
    last = verb.i + 1
    while last + 1 < len(doc) and doc[last + 1].tag_ in _INSIDE:
        last += 1
    message = f"“{word.text} {verb.text}” lacks a subject"
    ends = last + 1 >= len(doc) or doc[last + 1].text in (".", ",", ";")
    noun = doc[last]
    if not ends or not noun.tag_.startswith("NN"):
        return Flag(*text_span(doc, word.i, verb.i), message)
    start, end = text_span(doc, word.i, last)
    phrase = doc.text[doc[verb.i + 1].idx : end]
    was = "were" if noun.tag_ in ("NNS", "NNPS") else "was"
    return Flag(start, end, message, (f"{word.text} {phrase} {was} {verb.text}",))


RULE = Rule(
    name="participle-after-conjunction",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example(
            "The resolution failed when rejected the French draft.",
            "The resolution failed when the French draft was rejected.",
        ),
    ),
    must_pass=(
        "When asked the question, he left.",
        "He left when the draft was rejected.",
        "When rejected by the council, the draft was revised.",
    ),
    confidence=0.85,
    needs=("parser",),
)
