"""A verb before its subject, after an adverbial or *there*.

What it flags
    ``In Moscow is expected a cold snap``, ``As a result of the blast were killed two people``, ``For the bill voted 381
    deputies``, ``There were held two meetings``.

Why it reads as machine translation
    Russian puts what is new at the end (*В Москве ожидается похолодание*); English keeps the subject before the verb.

Example
    In the city was found an old bomb.

Better
    In the city an old bomb was found.

Known limits
    Only sentences that open with a preposition, and only verbs of happening or passives; what belongs to the subject
    beyond its *of* phrases stays behind the verb.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mtcheck.detectors.grammar import NOUNS, QUOTES, text_span
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_PREPOSITIONS = frozenset(
    "in on at during near for from after under within as by against among between around before over with to".split()
)
_ADVERBIAL = frozenset({"IN", "TO", "DT", "JJ", "JJS", "NN", "NNS", "NNP", "NNPS", "CD", "POS", "PRP$", "HYPH", "SYM"})
_PHRASE = frozenset({"DT", "JJ", "JJR", "JJS", "NN", "NNS", "NNP", "NNPS", "CD", "POS", "PRP$", "HYPH", "$", "VBN"})
_ABOUT = frozenset("about more over at nearly almost around than least only approximately some also".split())
_HAPPENS = frozenset(
    "occurred happened died voted arrived remain remains remained live lives lived gathered appeared arose began "
    "started participated perished suffered survived work works worked operate operates operated crashed exploded "
    "collapsed disappeared entered sounded".split()
)
_OTHER_OBJECT = frozenset(
    "elected appointed named called given awarded offered shown told asked sent paid promised granted denied allowed "
    "made left considered declared taught dubbed deemed voted charged fined".split()
)
_DONE = frozenset(
    "held found recorded registered created built published adopted signed detained arrested killed conducted "
    "organized organised opened discovered established launched carried introduced destroyed damaged submitted".split()
)
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_PLURAL = {"is": "are", "was": "were", "has": "have"}
_SINGULAR = {plural: singular for singular, plural in _PLURAL.items()}
_MESSAGE = "the subject comes before the verb in English"


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the verb and the subject after it, in one."""
    doc = analysis.doc
    for token in doc:
        opens = token.is_sent_start or (token.i > 1 and doc[token.i - 1].lower_ == "that")
        if opens and (verb := _after_adverbial(doc, token.i)):
            group = _verb_group(doc, verb, happens=True)
            if group and not any(before.dep_ in _SUBJECTS for before in doc[token.i : verb]):
                yield from _turned(doc, verb, verb, group)
        if token.tag_ == "EX" and (group := _verb_group(doc, token.i + 1, happens=False)):
            yield from _turned(doc, token.i, token.i + 1, group)


def _after_adverbial(doc: Any, first: int) -> int | None:
    """Index of the verb that follows the opening adverbial; None when the sentence opens otherwise."""
    at = first
    while at < len(doc) and doc[at].text in QUOTES:
        at += 1
    if at >= len(doc) or doc[at].lower_ not in _PREPOSITIONS:
        return None
    while at < len(doc) and (doc[at].tag_ in _ADVERBIAL or doc[at].text in QUOTES or _goes_on(doc, at)):
        if doc[at].lower_ in _HAPPENS and at > first + 1 and doc[at - 1].tag_ not in ("DT", "JJ", "PRP$"):
            return at
        at += 1
    return at if at < len(doc) else None


def _goes_on(doc: Any, at: int) -> bool:
    """*Of* takes an -ing form, and *and* another noun."""
    return doc[at - 1].lower_ == "of" or (doc[at].lower_ == "and" and doc[at - 1].tag_ in NOUNS)


def _verb_group(doc: Any, verb: int, *, happens: bool) -> int | None:
    """Index after the verb group that begins at ``verb``; None when it is not one that may be turned."""
    words = [token.lower_ for token in doc[verb : verb + 3]] or [""]
    if happens and words[0] in _HAPPENS:
        return verb + 1
    if happens and words[:2] == ["took", "place"]:
        return verb + 2
    size = 2 if words[:2] in (["has", "been"], ["have", "been"], ["will", "be"], ["had", "been"]) else 1
    if words[0] not in ("is", "are", "was", "were") and size == 1:
        return None
    at = verb + size
    if at < len(doc) and doc[at].lower_ in ("also", "already", "again"):
        at += 1
    if not happens:
        return at + 1 if at < len(doc) and doc[at].lower_ in _DONE else None
    passive = at < len(doc) and doc[at].tag_ in ("VBN", "VBD") and doc[at].lower_.endswith(("ed", "n", "t", "d"))
    return at + 1 if passive and doc[at].lower_ not in _OTHER_OBJECT else None


def _turned(doc: Any, start: int, verb: int, after: int) -> Iterator[Flag]:
    end = _phrase_end(doc, after)
    if end is None:
        return
    following = doc[end] if end < len(doc) else None
    if following is not None and following.tag_ in ("VBD", "VBZ", "VBP", "MD"):
        return
    subject, group = doc.text[doc[after].idx : text_span(doc, after, end - 1)[1]], doc[verb:after]
    many = _many(doc, after, end)
    parts = [token.text.lower() for token in group]
    parts[0] = (_PLURAL if many else _SINGULAR).get(parts[0], parts[0])
    better = f"{subject} {' '.join(parts)}"
    opens = doc[start].is_sent_start and doc[start].text[0].isupper()
    yield Flag(*text_span(doc, start, end - 1), _MESSAGE, (better[0].upper() + better[1:] if opens else better,))


def _phrase_end(doc: Any, first: int) -> int | None:
    """Index after the noun phrase at ``first`` with its *of* phrases; None when it is no plain noun phrase."""
    at, noun = first, False
    while at < len(doc) and (doc[at].tag_ in _PHRASE or doc[at].lower_ in _ABOUT or (noun and _links(doc, at))):
        noun = doc[at].tag_ in NOUNS
        at += 1
        if not noun and at < len(doc) and doc[at].text in QUOTES:  # a name in quotation marks
            at = next((token.i + 1 for token in doc[at + 1 : at + 6] if token.text in QUOTES), at)
            noun = doc[at - 1].text in QUOTES
            break
    if not noun or (at < len(doc) and doc[at].text in QUOTES):
        return None
    return at if doc[first].tag_ in _PHRASE or doc[first].lower_ in _ABOUT else None


def _links(doc: Any, at: int) -> bool:
    return doc[at].lower_ in ("of", "and") and at + 1 < len(doc) and doc[at + 1].tag_ in _PHRASE


def _many(doc: Any, first: int, end: int) -> bool:
    nouns = [token for token in doc[first:end] if token.tag_ in NOUNS]
    head = next((t for t in nouns if t.i + 1 == end or doc[t.i + 1].tag_ not in NOUNS), None)
    joined = any(token.lower_ == "and" for token in doc[first:end])
    return joined or (head is not None and head.tag_ in ("NNS", "NNPS"))


RULE = Rule(
    name="verb-before-subject",
    category="fluency/grammar",
    severity=Severity.MAJOR,
    find=find,
    must_flag=(
        Example("In the city was found an old bomb.", "In the city an old bomb was found."),
        Example(
            "As a result of the storm has been damaged four houses and a bridge.",
            "As a result of the storm four houses and a bridge have been damaged.",
        ),
        Example("For the bill voted 381 deputies.", "For the bill 381 deputies voted."),
        Example("On Friday and Saturday is expected a storm.", "On Friday and Saturday a storm is expected."),
        Example(
            "At the talks was also discussed the price of gas.", "At the talks the price of gas was also discussed."
        ),
        Example("He said that in May will be formed three units.", "He said that in May three units will be formed."),
        Example("There were held two meetings of the ministers.", "Two meetings of the ministers were held."),
        Example(
            "In the spring took place the talks of the “quartet”.",
            "In the spring the talks of the “quartet” took place.",
        ),
    ),
    must_pass=(
        "In Moscow the talks were held.",
        "In the city were many old houses.",
        "In 2004 the general was elected president.",
        "There were two injured people.",
        "On Monday police were told about the bomb.",
        "He said that in Moscow the talks were held.",
        "There has been continued talk about the bomb.",
        "In a live television broadcast he spoke.",
    ),
    confidence=0.85,
    needs=("parser",),
)
