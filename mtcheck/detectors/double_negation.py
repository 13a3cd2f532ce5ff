"""Two negations where English needs one.

What it flags
    ``nobody did not``, ``nothing was not``, ``no one would never``, ``didn't say nothing``.

Why it reads as machine translation
    Russian doubles its negations (*никто не*, *ничего не*, *никогда не*); translated word for word they cancel out.

Example
    Nobody did not expect this.

Better
    Nobody expected this.

Known limits
    A double negation meant as such (*nobody could not have known*) is flagged too. *Not ... because nobody* passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_AUX = r"do|does|did|is|are|was|were|has|have|had|will|would|can|could|should|must|may|might"
_NEGATED = rf"(?:(?:{_AUX})(?:n['’]t| not)|cannot|can['’]t|won['’]t)"
_FIRST = re.compile(
    rf"\b(nobody|no one|nothing|never|nowhere|none of (?:them|us|you))\b"
    rf"(?P<between>(?: (?:else|actually|ever|of \w+|\w+ly))?) "
    rf"(?P<negated>{_NEGATED}|(?:{_AUX}) never|never|not)\b",
    re.I,
)
_SECOND = re.compile(rf"\b(?P<aux>{_NEGATED}) (?P<verb>\w+ )?(?P<word>nothing|nobody|no one|nowhere|never)\b", re.I)
_POSITIVE = {"nothing": "anything", "nobody": "anybody", "no one": "anyone", "nowhere": "anywhere", "never": "ever"}
_FIXABLE_AUX = re.compile(rf"({_AUX})(?:n['’]t| not| never)$", re.I)
_ELLIPSIS = re.compile(r"\b(?:never,? never|why not|or not|if not|if nothing|whether|but not|and not)\b", re.I)


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag a negative pronoun or adverb with a negated verb."""
    text = analysis.text
    message = "two negations cancel out in English; Russian не after a negative word is not translated"
    for match in _FIRST.finditer(text):
        if not _ELLIPSIS.search(match.group()) and match.group("negated").lower() not in ("not", "never"):
            yield Flag(*match.span(), message, _without_negation(match))
    for match in _SECOND.finditer(text):
        word = match.group("word")
        better = match.group()[: -len(word)] + _POSITIVE[word.lower()]
        yield Flag(*match.span(), message, (better,))


def _without_negation(match: re.Match[str]) -> tuple[str, ...]:
    head, negated = match.group(1) + match.group("between"), match.group("negated")
    aux = _FIXABLE_AUX.match(negated)
    if negated.lower() in ("cannot", "can't", "can’t"):
        return (f"{head} can",)
    if aux is None or aux.group(1).lower() in ("do", "does", "did"):
        return ()  # the main verb would have to change its form
    return (f"{head} {aux.group(1)}",)


RULE = Rule(
    name="double-negation",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example("Nobody could not explain the decision.", "Nobody could explain the decision."),
        Example("They were not banned: nothing actually was not forbidden.", None),
        Example("He didn't say nothing about the plan.", "He didn't say anything about the plan."),
    ),
    must_pass=(
        "Nobody expected this, and nothing was done.",
        "Never, never give up.",
        "It was not a surprise, because nobody was told.",
    ),
    confidence=0.9,
)
