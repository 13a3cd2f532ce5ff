"""*In* a place where the verb needs *to* it, and *to* where English arrives *in*.

What it flags
    ``send them in Idlib``, ``returned in Moscow``, ``arrived to Syria``.

Why it reads as machine translation
    Russian *в* is both *in* and *to*; the case that tells them apart is lost in translation.

Example
    The fighters were told to send them in Idlib.

Better
    The fighters were told to send them to Idlib.

Known limits
    Only verbs of going and sending that touch the preposition (a pronoun may stand between), and only before names of
    places. *Messages sent in Britain* passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mtcheck.detectors.grammar import NAMES, text_span
from mtcheck.detectors.lexicon import country_adjectives
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_GOING = frozenset({"return", "go", "fly", "deport", "evacuate"})
_SENDING = frozenset({"send", "return", "deport", "evacuate", "transfer", "take", "bring", "deliver"})
_ARRIVING = frozenset({"arrive"})
_PLACES = frozenset({"GPE", "LOC"})
_CALENDAR = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday".split()
)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the preposition."""
    doc = analysis.doc
    for verb in doc[: max(0, len(doc) - 2)]:
        if not verb.tag_.startswith("VB"):
            continue
        pronoun = doc[verb.i + 1].tag_ == "PRP" and verb.i + 3 < len(doc)
        at = verb.i + 2 if pronoun else verb.i + 1
        better = _better(doc, verb, at, pronoun)
        if better:
            message = f"“{verb.text}” needs “{better[0]}” before the place"
            yield Flag(*text_span(doc, at, at), message, better)


def _better(doc: Any, verb: Any, at: int, pronoun: bool) -> tuple[str, ...]:
    word, place = doc[at].lower_, doc[at + 1]
    if place.tag_ not in NAMES or place.lower_ in _CALENDAR:
        return ()
    if at + 2 < len(doc) and doc[at + 2].text == "-":
        return ()
    if place.ent_type_ not in _PLACES and place.text not in country_adjectives() and not pronoun:
        return ()
    if word == "in" and verb.lemma_ in (_SENDING if pronoun else _GOING) and (pronoun or verb.tag_ != "VBN"):
        return ("to",)
    if word == "to" and verb.lemma_ in _ARRIVING and not pronoun:
        return ("in", "at")
    return ()


RULE = Rule(
    name="wrong-direction",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example("They decided to send them in Idlib.", "They decided to send them to Idlib."),
        Example("The president arrived to Syria on Monday.", "The president arrived in Syria on Monday."),
    ),
    must_pass=(
        "He returned in May.",
        "He arrived in Moscow on Monday.",
        "Millions of messages are sent in Britain every day.",
    ),
    confidence=0.9,
    needs=("parser",),
)
