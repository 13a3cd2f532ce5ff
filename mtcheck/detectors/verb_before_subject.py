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

from mtcheck.detectors.grammar import FINITE, NOUNS, QUOTES, text_span
from mtcheck.detectors.rule import Analysis, Example, Flag, Rule
from mtcheck.schema import Severity

_PREPOSITIONS = frozenset(
    "in on at during near for from after under within as by against among between around before over with to "
    "without because due inside outside behind across along through".split()
)
_ADVERBIAL = frozenset({"IN", "TO", "DT", "JJ", "JJS", "NN", "NNS", "NNP", "NNPS", "CD", "POS", "PRP$", "HYPH", "SYM"})
_PHRASE = frozenset({"DT", "JJ", "JJR", "JJS", "NN", "NNS", "NNP", "NNPS", "CD", "POS", "PRP$", "HYPH", "$", "VBN"})
_ABOUT = frozenset("about more over at nearly almost around than least only approximately some also".split())
_HAPPENS = frozenset(
    "occurred happened died voted arrived remain remains remained live lives lived gathered appeared arose began "
    "started participated perished suffered survived work works worked operate operates operated crashed exploded "
    "collapsed disappeared entered sounded".split()
)
_MODALS = frozenset("will must can may should could would".split())
_WILL = frozenset("open begin start appear arrive gather participate compete perform live work remain happen".split())
_SEEN = frozenset("possible visible available likely probable".split())
_TIMES = frozenset("day days week weeks month months year years hour hours minute minutes time times".split())
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
_MAX_PARTICIPLE = 14  # tokens
_MESSAGE = "the subject comes before the verb in English"


def find(analysis: Analysis) -> Iterator[Flag]:
    """Flag the verb and the subject after it, in one."""
    doc = analysis.doc
    for token in doc:
        if _opens(doc, token) and (verb := _after_adverbial(doc, token.i)):
            group = _verb_group(doc, verb, happens=True)
            if group and not any(before.dep_ in _SUBJECTS for before in doc[token.i + 2 : verb]):
                yield from _turned(doc, verb, verb, group)
        if token.tag_ == "EX" and (group := _verb_group(doc, token.i + 1, happens=False)):
            yield from _turned(doc, token.i, token.i + 1, group)


def _opens(doc: Any, token: Any) -> bool:
    """True where an adverbial may open a clause: at its start, after *that* or *According to X,*, before *which*."""
    if token.is_sent_start or (token.i > 1 and doc[token.i - 1].lower_ == "that"):
        return True
    if token.i < 3 or doc[token.i - 1].text != "," or token.i + 1 >= len(doc):
        return False
    return bool(doc[token.i + 1].lower_ == "which" or doc[0].lower_ == "according")


def _after_adverbial(doc: Any, first: int) -> int | None:
    """Index of the verb that follows the opening adverbial; None when the sentence opens otherwise."""
    at = first
    while at < len(doc) and doc[at].text in QUOTES:
        at += 1
    if at >= len(doc) or doc[at].lower_ not in _PREPOSITIONS:
        return None
    if at + 2 < len(doc) and doc[at + 1].lower_ in ("which", "it", "them"):
        return at + 2
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
    words = [token.lower_ for token in doc[verb : verb + 3]] + ["", "", ""]
    if happens and (size := _happens(words)):
        return verb + size
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


def _happens(words: list[str]) -> int:
    """How many of the words are a verb of happening (*died*, *have died*, *will take place*, *is possible*), or 0."""
    if words[0] in _HAPPENS:
        return 1
    if words[:2] in (["took", "place"], ["took", "part"], ["takes", "part"], ["takes", "place"]):
        return 2
    if words[0] in _MODALS and words[1:3] in (["take", "place"], ["take", "part"]):
        return 3
    then = _WILL if words[0] in _MODALS else _HAPPENS if words[0] in ("has", "have", "had") else frozenset()
    seen = words[0] in ("is", "are", "was", "were") and words[1] in _SEEN
    return 2 if seen or words[1] in then else 0


def _turned(doc: Any, start: int, verb: int, after: int) -> Iterator[Flag]:
    end = _phrase_end(doc, after)
    if end is None or any(token.lower_ in _TIMES for token in doc[after:end]):
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
        if noun and doc[at].tag_ == "VBN" and not (at + 1 < len(doc) and doc[at + 1].tag_ in NOUNS):
            return _participle_end(doc, at)  # "two men suspected of theft"
        noun = doc[at].tag_ in NOUNS
        at += 1
        if not noun and at < len(doc) and doc[at].text in QUOTES:  # a name in quotation marks
            at = next((token.i + 1 for token in doc[at + 1 : at + 6] if token.text in QUOTES), at)
            noun = doc[at - 1].text in QUOTES
            break
    if not noun or (at < len(doc) and doc[at].text in QUOTES):
        return None
    return _list_end(doc, at) if doc[first].tag_ in _PHRASE or doc[first].lower_ in _ABOUT else None


def _list_end(doc: Any, at: int) -> int:
    """Where a list that goes on at the comma ends (*rescuers, policemen and doctors*); ``at`` when it is no list."""
    if at >= len(doc) or doc[at].text != ",":
        return at
    end = at
    while end < len(doc) and (doc[end].tag_ in _PHRASE or doc[end].text == "," or doc[end].lower_ in ("and", "of")):
        end += 1
    joined = any(token.lower_ == "and" for token in doc[at:end])
    return end if joined and doc[end - 1].tag_ in NOUNS and (end == len(doc) or doc[end].text in ".;") else at


def _participle_end(doc: Any, first: int) -> int | None:
    """Index after the phrase that the participle at ``first`` opens, up to a mark; None when that is not plain."""
    end = next((token.i for token in doc[first : first + _MAX_PARTICIPLE] if token.is_punct), None)
    return end if end and not any(token.tag_ in FINITE for token in doc[first:end]) else None


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
        Example("In it will take part the ministers of Turkey.", "In it the ministers of Turkey will take part."),
        Example("It is a flood, from which are saved 40 people.", "It is a flood, from which 40 people are saved."),
        Example(
            "In Samara are detained two men suspected of theft.", "In Samara two men suspected of theft are detained."
        ),
        Example(
            "On the spot work rescuers, policemen and doctors.", "On the spot rescuers, policemen and doctors work."
        ),
        Example("In the evening is possible wet snow.", "In the evening wet snow is possible."),
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
