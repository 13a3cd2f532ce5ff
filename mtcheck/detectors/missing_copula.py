"""A sentence without a finite verb, where Russian needs no *to be*.

What it flags
    ``The capital of Russia - Moscow.`` (a dash in place of *is*), ``The main thing here was - place`` (a dash
    after it), ``Full text of the interview published on the website.`` (a participle without *was*).

Why it reads as machine translation
    Russian has no present tense of *to be*, writes a dash in its place, and its short participles (*опубликован*) need
    no auxiliary.

Example
    The full text of the interview published on the website of the ministry.

Better
    The full text of the interview was published on the website of the ministry.

Known limits
    Only whole sentences with a full stop: titles and captions leave out verbs legitimately. Whether *is* or *was*
    is meant only the text tells; both are offered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mtcheck.detectors.grammar import FINITE, NOUNS, QUOTES, text_span
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_DASHES = frozenset({"-", "–", "—", "--"})
_BE = frozenset({"is", "was", "are", "were"})
_NEEDS_AUXILIARY = frozenset(
    "published held built created made located organized organised adopted written signed approved banned prohibited "
    "planned prepared registered found used known kept arrested detained killed injured wounded destroyed damaged "
    "taken given placed set established founded appointed elected produced bought considered "
    "announced presented discussed introduced forced allowed needed required supposed caused connected "
    "related associated based devoted dedicated aimed designed intended directed called named accused "
    "charged convicted".split()
)
_ADJECTIVES = frozenset(
    "available pleased ready able unable aware impossible necessary possible responsible satisfied confident".split()
)
_LINKS_ON = frozenset({"IN", "TO", "RB", "."})
_MIN_TOKENS = 6


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag a dash after *is*, a dash in place of *is*, and a participle or adjective without its auxiliary."""
    doc, text = analysis.doc, analysis.text
    yield from _dash_after_be(doc)
    whole = text.endswith(".") and len(doc) >= _MIN_TOKENS and text[0].isupper()
    if not whole or any(token.tag_ in FINITE or token.tag_ == "VB" for token in doc):
        return
    flag = _dash_for_be(doc) or _bare_predicate(doc)
    if flag is not None:
        yield flag


def _dash_after_be(doc: Any) -> Iterator[Flag]:
    for verb in doc[1 : len(doc) - 2]:
        dash, after = doc[verb.i + 1], doc[verb.i + 2]
        spaced = dash.text in _DASHES and verb.whitespace_ and dash.whitespace_
        if verb.lower_ in _BE and spaced and after.tag_ in ("DT", "NN", "NNS", "JJ", "PRP$", "CD", "NNP"):
            if any(token.text in _DASHES for token in doc[after.i :]):
                continue  # a pair of dashes is an insertion
            start, end = text_span(doc, verb.i, dash.i)
            yield Flag(start, end, "no dash between “to be” and what follows it", (verb.text,))


def _dash_for_be(doc: Any) -> Flag | None:
    dashes = [
        token for token in doc[1:-2] if token.text in _DASHES and token.whitespace_ and doc[token.i - 1].whitespace_
    ]
    if len(dashes) != 1:
        return None
    dash = dashes[0]
    left, right = doc[: dash.i], doc[dash.i + 1 :]
    subject = next((token for token in left if token.tag_ in NOUNS), None)
    opens = right[0].lower_ in ("this", "it") or right[0].tag_ in ("DT", "PRP$") or right[0].tag_ in NOUNS
    begins = left[0].tag_ in ("DT", "PRP$", "NN", "NNS", "JJ", "NNP")
    if (
        subject is None
        or not begins
        or not opens
        or any(t.text in QUOTES or t.text in (",", ":", ";") for t in doc[:-1])
    ):
        return None
    if doc[dash.i - 1].tag_ not in NOUNS or left[0].tag_ == "NNP":
        return None
    verb = ("are", "were") if _plural(left, subject) else ("is", "was")
    skip = 1 if right[0].lower_ in ("this", "it") and len(right) > 3 else 0
    start, end = text_span(doc, dash.i, dash.i + skip)
    return Flag(start, end, "a dash stands where English needs “to be”", verb)


def _bare_predicate(doc: Any) -> Flag | None:
    for token in doc[2:-1]:
        participle = token.tag_ == "VBN" and token.lower_ in _NEEDS_AUXILIARY
        if not (participle or (token.tag_ == "JJ" and token.lower_ in _ADJECTIVES)):
            continue
        before, after = doc[token.i - 1], doc[token.i + 1]
        head = doc[: token.i]
        plain = all(t.tag_ in NOUNS or t.tag_ in ("DT", "JJ", "IN", "PRP$", "CD", "POS", "CC") for t in head)
        if not plain or before.tag_ not in NOUNS or after.tag_ not in _LINKS_ON or head[0].tag_ == "IN":
            return None
        subject = next(t for t in head if t.tag_ in NOUNS)
        subject = next((t for t in head if t.tag_ in NOUNS and doc[t.i + 1].tag_ not in NOUNS), subject)
        verb = ("were", "are") if _plural(head, subject) else ("was", "is")
        start, end = text_span(doc, token.i, token.i)
        wordings = tuple(f"{form} {token.text}" for form in verb)
        return Flag(start, end, f"“{token.text}” lacks its auxiliary and the sentence has no verb", wordings)
    return None


def _plural(phrase: Any, subject: Any) -> bool:
    until = next((t.i for t in phrase if t.tag_ == "IN"), phrase[-1].i + 1)
    return subject.tag_ in ("NNS", "NNPS") or any(t.lower_ == "and" and t.i < until for t in phrase)


RULE = Rule(
    name="missing-copula",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example(
            "The full text of the interview published on the website of the ministry.",
            "The full text of the interview was published on the website of the ministry.",
        ),
        Example("The main thing here was - the place.", "The main thing here was the place."),
    ),
    must_pass=(
        "Full text of the interview published on the website",
        "No comment from the ministry so far.",
        "The capital, Moscow, is large.",
    ),
    confidence=0.75,
    needs=("parser",),
)
