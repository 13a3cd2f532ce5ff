"""A verb followed by the wrong kind of clause.

What it flags
    ``expect from the army to cease``, ``wants that he goes``, ``this allows to reduce``, ``suggests to allocate``,
    ``recommend the army to be``, ``stop to perform``.

Why it reads as machine translation
    Russian *ожидать от кого-либо*, *хотеть, чтобы*, *позволять сделать*, *предлагать сделать* govern their
    clauses differently from the English verbs.

Example
    He expects from the army to cease fire.

Better
    He expects the army to cease fire.

Known limits
    Whom something *allows* is rarely in the text, so *allows to reduce* becomes *makes it possible to reduce*.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from mtcheck.detectors.grammar import CLAUSE_WORDS, text_span
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_POSSIBLE = {
    "allow": "make it possible to",
    "allows": "makes it possible to",
    "allowed": "made it possible to",
    "permits": "makes it possible to",
    "enables": "makes it possible to",
    "lets": "makes it possible to",
}
_THEN_ING = frozenset(
    "suggest suggests suggested recommend recommends recommended avoid avoids avoided".split()
) | frozenset(
    "finish finishes finished consider considers enjoy enjoys enjoyed deny denies denied risk risks risked".split()
)
_THAT_INSTEAD = frozenset(
    "recommend recommends recommended suggest suggests suggested demand demands demanded insist insisted".split()
)
_WANT = frozenset("want wants wanted".split())
_EXPECT = frozenset("expect expects expected expecting want wants wanted require requires required".split())
_DEMAND = frozenset("demand demands demanded".split())
_SUBJECT_TAGS = frozenset({"NN", "NNS", "NNP", "NNPS", "PRP", ")", "''"})
_INSIDE = frozenset({"NN", "NNS", "NNP", "NNPS", "JJ", "DT", "PRP$", "PRP", "POS", "HYPH", "CD"})
_PASSIVES = frozenset({"be", "get", "have"})
_MAX_PHRASE = 6


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the verb with the clause opener that does not suit it."""
    doc = analysis.doc
    for verb in doc[: max(0, len(doc) - 3)]:
        if verb.tag_ not in ("VB", "VBD", "VBZ", "VBP", "VBG", "VBN"):
            continue
        flag = (
            _from_to(doc, verb) or _bare_infinitive(doc, verb) or _object_infinitive(doc, verb) or _want_that(doc, verb)
        )
        if flag is not None:
            yield flag


def _from_to(doc: Any, verb: Any) -> Flag | None:
    """``expect from X to V`` -> ``expect X to V``."""
    if verb.lower_ not in _EXPECT | _DEMAND or doc[verb.i + 1].lower_ != "from":
        return None
    end = _phrase_end(doc, verb.i + 2)
    if end is None or not _infinitive(doc, end + 1):
        return None
    if verb.lower_ in _DEMAND:
        start, _ = text_span(doc, verb.i, verb.i + 1)
        stop = text_span(doc, end + 1, end + 1)[1]
        phrase = doc.text[doc[verb.i + 2].idx : doc[end].idx + len(doc[end])]
        return Flag(start, stop, "“demand” takes a that-clause", (f"{verb.text} that {phrase}",))
    start, stop = text_span(doc, verb.i, verb.i + 1)
    return Flag(start, stop, f"“{verb.text}” takes its object without “from”", (verb.text,))


def _bare_infinitive(doc: Any, verb: Any) -> Flag | None:
    """``allows to V``, ``suggests to V``: the verb needs an object or an -ing form."""
    word = verb.lower_
    if not _infinitive(doc, verb.i + 1) or not verb.i or doc[verb.i - 1].text in ("-", "–"):
        return None
    before = doc[verb.i - 1]
    if (
        word in _POSSIBLE
        and verb.tag_ != "VBN"
        and before.tag_ not in ("VB", "VBZ", "VBP", "VBD", "VBN")
        and not _question(doc, verb)
    ):
        start, stop = text_span(doc, verb.i, verb.i + 1)
        return Flag(start, stop, f"“{verb.text}” needs to say whom", (_POSSIBLE[word],))
    active = not any(token.lemma_ in _PASSIVES for token in doc[max(0, verb.i - 3) : verb.i])
    if (
        word in _THEN_ING
        and active
        and verb.tag_ != "VBN"
        and before.tag_ in _SUBJECT_TAGS | {"RB", "MD", "TO", "WDT", "WP"}
        and not (verb.lemma_ == "consider" and doc[verb.i + 2].lower_ == "be")  # "which he considers to be"
    ):
        start, stop = text_span(doc, verb.i, verb.i + 2)
        return Flag(start, stop, f"“{verb.text}” takes an -ing form", (f"{verb.text} {_ing(doc[verb.i + 2].lower_)}",))
    return None


def _object_infinitive(doc: Any, verb: Any) -> Flag | None:
    """``recommend the army to be`` -> ``recommend that the army be``."""
    if (
        verb.lower_ not in _THAT_INSTEAD
        or verb.tag_ == "VBN"
        or doc[verb.i + 1].tag_ not in ("DT", "PRP", "NNP", "PRP$")
    ):
        return None
    end = _phrase_end(doc, verb.i + 1)
    if end is None or not _infinitive(doc, end + 1) or not _person(doc[end]):
        return None
    start, stop = text_span(doc, verb.i, end + 1)
    phrase = doc.text[doc[verb.i + 1].idx : doc[end].idx + len(doc[end])]
    subject = {"him": "he", "her": "she", "them": "they", "me": "I", "us": "we"}.get(phrase.lower(), phrase)
    return Flag(start, stop, f"“{verb.text}” takes a that-clause", (f"{verb.text} that {subject}",))


def _want_that(doc: Any, verb: Any) -> Flag | None:
    """``want that X``: *want* takes an object and an infinitive."""
    if verb.lower_ not in _WANT or doc[verb.i + 1].lower_ != "that" or not verb.i:
        return None
    after = doc[verb.i + 2]
    if after.tag_ not in ("PRP", "DT", "NNP", "NNS", "PRP$", "JJ") or doc[verb.i - 1].tag_ not in _SUBJECT_TAGS | {
        "RB",
        "TO",
        "MD",
    }:
        return None
    start, stop = text_span(doc, verb.i, verb.i + 1)
    return Flag(start, stop, f"“{verb.text}” takes an object and an infinitive, not a that-clause")


def _infinitive(doc: Any, at: int) -> bool:
    return at + 1 < len(doc) and doc[at].lower_ == "to" and doc[at + 1].tag_ == "VB"


def _phrase_end(doc: Any, at: int) -> int | None:
    end = at
    while end + 1 < len(doc) and end - at < _MAX_PHRASE and doc[end + 1].tag_ in _INSIDE:
        end += 1
    return end if at < len(doc) and doc[at].tag_ in _INSIDE else None


def _person(noun: Any) -> bool:
    return noun.tag_ in ("PRP", "NNP", "NNPS") or noun.lower_ in _BODIES


_BODIES = frozenset(
    "government army president minister ministry authorities people residents citizens company companies "
    "team country countries "
    "state states side sides party parties player players parliament court police council commission "
    "forces troops men women "
    "children workers leaders officials deputies voters families family military".split()
)


def _question(doc: Any, verb: Any) -> bool:
    """True when the object may have moved to the front: *the man they allowed to go*."""
    if (
        verb.lower_ == "allow"
        and verb.i > 1
        and doc[verb.i - 1].tag_ == "MD"
        and doc[verb.i - 2].tag_ in ("NN", "NNS", "DT")
    ):
        return False
    return any(t.tag_ in CLAUSE_WORDS and t.tag_ != "WDT" for t in doc[max(0, verb.i - 4) : verb.i]) or verb.tag_ in (
        "VB",
        "VBP",
    )


def _ing(verb: str) -> str:
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return verb[:-1] + "ing"
    doubles = re.fullmatch(r"[^aeiou]*[aeiou][bdgmnprt]", verb)
    return verb + verb[-1] + "ing" if doubles else verb + "ing"


RULE = Rule(
    name="wrong-verb-pattern",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example("He expects from the army to cease fire.", "He expects the army to cease fire."),
        Example("Russia will recommend the army to be specific.", "Russia will recommend that the army be specific."),
        Example("The ministry suggests to allocate the money.", "The ministry suggests allocating the money."),
        Example("He wants that the war ends.", None),
        Example("This step will allow to lower the rate.", "This step will make it possible to lower the rate."),
    ),
    must_pass=(
        "He expects the army to cease fire.",
        "They were allowed to leave the city.",
        "The minister suggested that the army be sent.",
        "He expects profits to rise from one million to two.",
    ),
    confidence=0.9,
    needs=("parser",),
)
