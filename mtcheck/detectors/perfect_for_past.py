"""A present perfect of what is over, with the day on which it happened.

What it flags
    ``The meeting has passed on December 9``, ``It has been opened yesterday``, ``Sales have grown three years ago``.

Why it reads as machine translation
    Russian has one past tense for both, and a system that chooses a tense for each verb takes *has done* too often.

Example
    The court has arrested him on Monday.

Better
    The court arrested him on Monday.

Known limits
    Only days that the parser hangs on the verb itself. Of nine hits on 23,000 lines of 2015 and 2016 output eight were
    right; human news has about one in 5,000 lines, most of them of a day to come (*called for redemption on May 4*).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mtcheck.detectors.grammar import text_span
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_PAST = {
    "become": "became", "begun": "began", "broken": "broke", "chosen": "chose", "come": "came", "done": "did",
    "drawn": "drew", "driven": "drove", "fallen": "fell", "flown": "flew", "forgotten": "forgot", "given": "gave",
    "gone": "went", "grown": "grew", "hidden": "hid", "known": "knew", "overcome": "overcame", "ridden": "rode",
    "risen": "rose", "run": "ran", "seen": "saw", "sung": "sang", "shaken": "shook", "shown": "showed",
    "spoken": "spoke", "stolen": "stole", "sunk": "sank", "sworn": "swore", "taken": "took", "thrown": "threw",
    "withdrawn": "withdrew", "worn": "wore", "written": "wrote",
}  # fmt: skip
"""Where the past tense differs from the participle."""
_DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december".split()
)
_THEN = frozenset({"yesterday", "ago"})


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag *has* with its participle; the fix is the past tense."""
    doc = analysis.doc
    for token in doc:
        if token.tag_ not in ("VBZ", "VBP") or token.lemma_ != "have" or token.dep_ != "aux" or token.head <= token.i:
            continue
        verb = doc[token.head]
        first = next((t for t in doc[token.i + 1 : verb.i + 1] if t.tag_ == "VBN"), None)
        adverbs = doc[token.i + 1 : first.i] if first else []
        words = [adverb.text for adverb in adverbs]
        if first and all(t.tag_ == "RB" and t.lower_ not in ("not", "n't") for t in adverbs) and _has_ended(verb):
            be = "was" if token.lower_ == "has" or doc[max(0, token.i - 1)].lower_ == "i" else "were"
            past = be if first.lower_ == "been" else _PAST.get(first.lower_, first.text)
            better = " ".join([past, *words] if past == be else [*words, past])
            message = "what happened on a given day is told in the past tense"
            yield Flag(*text_span(doc, token.i, first.i), message, (better,))


def _has_ended(verb: Any) -> bool:
    """Whether a day of the past hangs on the verb."""
    for child in verb.children:
        if child.i < verb.i:
            continue
        if child.lower_ in _THEN and child.dep_ in ("npadvmod", "advmod"):
            return True
        if child.lower_ == "on" and child.dep_ == "prep" and any(t.lower_ in _DAYS for t in child.children):
            return True
    return False


RULE = Rule(
    name="perfect-for-past",
    category="fluency/grammar",
    severity=Severity.MINOR,
    find=find,
    must_flag=(
        Example("The court has arrested him on Monday.", "The court arrested him on Monday."),
        Example("The road has been closed on December 9.", "The road was closed on December 9."),
        Example("Prices have already risen yesterday.", "Prices already rose yesterday."),
    ),
    must_pass=(
        "The minister has said that it is over.",
        "He has said he will meet them on Monday.",
        "It would have stopped three years ago.",
        "It appears to have begun two years ago.",
        "The road has been closed since Monday.",
        "He has not come on Monday.",
    ),
    confidence=0.9,
    needs=("parser",),
)
