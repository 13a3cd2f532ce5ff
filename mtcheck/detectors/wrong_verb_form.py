"""A verb form that cannot follow the auxiliary before it.

What it flags
    ``it will be easier is to deal``, ``must to go``, ``did not went``, ``to goes``, ``was is``, ``will was``.

Why it reads as machine translation
    The system built the verb group out of pieces of two translations.

Example
    The tweet was is removed later, because it must to go.

Better
    The tweet was removed later, because it must go.

Known limits
    Only groups that no English sentence contains, so much is missed. *He did all he can to help* passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mtcheck.detectors.grammar import text_span
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity
from mtcheck.word_frequency import zipf

_MODALS = frozenset("will would must should may might could cannot shall".split())
_BE = frozenset("is was are were".split())
_FINITE_AFTER_MODAL = frozenset("was is were are has had can could will must did went came said".split())
_JUDGED = frozenset(
    "easier easy better best possible difficult hard harder important necessary impossible enough".split()
)
_NOUN_CLAUSE = frozenset({"what", "that", "which", "who", "thing", "way"})
_COMMON = 3.0  # Zipf frequency below which a word after “to” is rather an unknown noun
_SUBJECT_CLAUSE = frozenset("what it this that problem all thing who which whatever question issue".split())


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the impossible pair, with the form that fits when it is certain."""
    doc = analysis.doc
    for left in doc[: max(0, len(doc) - 2)]:
        flag = (
            _after_modal(doc, left)
            or _after_do(doc, left)
            or _after_to(doc, left)
            or _be_twice(doc, left)
            or _judged_is_to(doc, left)
        )
        if flag is not None:
            yield flag


def _after_modal(doc: Any, left: Any) -> Flag | None:
    right = doc[left.i + 1]
    if left.lower_ not in _MODALS or left.tag_ != "MD" or not left.i or doc[left.i - 1].text in ("-", "–"):
        return None
    if (
        right.lower_ == "to"
        and doc[left.i + 2].tag_ == "VB"
        and left.lower_ in ("must", "should", "cannot", "might", "may")
    ):
        return Flag(*text_span(doc, left.i, right.i), f"no “to” after “{left.text}”", (left.text,))
    if (
        right.lower_ in _FINITE_AFTER_MODAL
        and right.tag_ in ("VBD", "VBZ", "VBP", "MD")
        and doc[left.i - 1].tag_ != "NN"
    ):
        return Flag(*text_span(doc, left.i, right.i), f"“{right.text}” cannot follow “{left.text}”")
    return None


def _after_do(doc: Any, left: Any) -> Flag | None:
    negation = doc[left.i + 1]
    if left.lower_ not in ("did", "does", "do") or negation.lower_ not in ("not", "n't", "n’t"):
        return None
    verb = doc[left.i + 2]
    if (
        verb.tag_ not in ("VBD", "VBZ")
        or verb.lemma_ == verb.lower_
        or verb.lower_ in _BE
        or not verb.text.islower()
        or not verb.text.isalpha()
    ):
        return None
    start, end = text_span(doc, verb.i, verb.i)
    return Flag(start, end, f"the base form follows “{left.text}{negation.text}”", (verb.lemma_,))


def _after_to(doc: Any, left: Any) -> Flag | None:
    verb = doc[left.i + 1]
    if left.tag_ != "TO" or verb.tag_ not in ("VBD", "VBZ") or verb.lemma_ == verb.lower_ or not verb.text.islower():
        return None
    if zipf(verb.lower_) < _COMMON:
        return None  # a noun that the parser does not know: "rely to mids"
    if verb.lower_ in _BE and left.i and doc[left.i - 1].tag_.startswith("V"):
        return None  # "the tweet she'd like to was written": the clause ends at "to"
    return Flag(*text_span(doc, verb.i, verb.i), "the base form follows “to”", (verb.lemma_,))


def _be_twice(doc: Any, left: Any) -> Flag | None:
    right = doc[left.i + 1]
    if left.lower_ not in _BE or right.lower_ not in _BE or not left.i:
        return None
    before = [token.lower_ for token in doc[max(0, left.i - 5) : left.i]]
    if _SUBJECT_CLAUSE & set(before) or left.lower_ == right.lower_:
        return None
    return Flag(*text_span(doc, left.i, right.i), "two forms of “to be” in a row", (left.text, right.text))


def _judged_is_to(doc: Any, left: Any) -> Flag | None:
    """``it will be easier for us is to deal``: the infinitive already belongs to *easier*."""
    right = doc[left.i + 1]
    if left.lower_ not in ("is", "was") or right.tag_ != "TO":
        return None
    for token in reversed(doc[: left.i]):
        if token.text in (",", ".", ";", ":") or token.lower_ in _NOUN_CLAUSE:
            return None
        opens = token.i > 1 and doc[token.i - 1].lower_ in ("be", "is", "was")
        if token.lower_ in _JUDGED and opens:
            starts = any(t.lower_ == "it" for t in doc[max(0, token.i - 4) : token.i])
            if not starts:
                return None
            return Flag(*text_span(doc, left.i, right.i), f"“{left.text}” does not belong here", ("to",))
    return None


RULE = Rule(
    name="wrong-verb-form",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example("The president must to go abroad.", "The president must go abroad."),
        Example("He did not went to the meeting.", "He did not go to the meeting."),
        Example("It will be easier for us is to deal with them.", "It will be easier for us to deal with them."),
        Example("The tweet was is removed later.", "The tweet was removed later."),
    ),
    must_pass=(
        "They did all they could to help.",
        "What it is is a mystery.",
        "He did not put it there.",
        "The will was read aloud.",
    ),
    confidence=0.9,
    needs=("parser",),
)
