"""Break good English the way a translation from Russian breaks it, and remember where.

Russian has no articles and no present copula, marks roles by case rather than by order and
prepositions, and uses one past tense. Each fault here undoes one of those repairs; the words a
reader would stumble over carry label 1.0. Deterministic for a given ``random.Random``.
"""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Callable

ARTICLES = {"the", "a", "an"}
COPULAS = {"is", "are", "was", "were", "be", "been"}
PERFECTS = {"has", "have", "had"}
RELATIVES = {"that", "who", "which", "whose"}
SUBORDINATE = {"in", "on", "at", "for", "with", "by", "from", "after", "before", "during", "under", "about"}
PREPOSITIONS = {
    "in": ("on", "at", "to"),
    "on": ("in", "at", "for"),
    "at": ("on", "in", "by"),
    "for": ("to", "on", "of"),
    "to": ("for", "in", "on"),
    "with": ("from", "by", "of"),
    "by": ("from", "on", "with"),
    "from": ("of", "with", "by"),
    "about": ("of", "on", "for"),
    "of": ("from", "by", "in"),
    "into": ("in", "to"),
    "over": ("for", "above"),
}
DETERMINERS = ARTICLES | {
    "this",
    "that",
    "his",
    "her",
    "its",
    "their",
    "our",
    "my",
    "your",
    "no",
    "any",
    "some",
    "each",
}
PIECE = re.compile(r"\w+(?:['’]\w+)?|[^\w\s]")


@dataclasses.dataclass(slots=True)
class Word:
    """A token on its way: ``glued`` tells that no space stands before it."""

    text: str
    glued: bool
    bad: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Broken:
    """The broken sentence and (start, end, label) of every token of it, labels 0.0 or 1.0."""

    text: str
    labels: tuple[tuple[int, int, float], ...]


Fault = Callable[[list[Word], int, random.Random], bool]


def _blame(words: list[Word], start: int, end: int) -> None:
    for word in words[start:end]:
        word.bad = True


def _drop(words: list[Word], at: int) -> bool:
    """Remove a word; the one that followed it is to blame for the gap."""
    if at + 1 >= len(words) or not words[at + 1].text[0].isalpha():
        return False
    capital = words[at].text[0].isupper()
    words[at + 1].glued = words[at].glued
    del words[at]
    if capital:
        words[at].text = words[at].text[0].upper() + words[at].text[1:]
    _blame(words, at, at + 1)
    return True


def drop_article(words: list[Word], at: int, chance: random.Random) -> bool:
    """*the agreement* -> *agreement*."""
    return words[at].text.lower() in ARTICLES and _drop(words, at)


def drop_copula(words: list[Word], at: int, chance: random.Random) -> bool:
    """*which was signed* -> *which signed*; also the auxiliary of a perfect and a relative pronoun."""
    return at > 0 and words[at].text in COPULAS | PERFECTS | RELATIVES and _drop(words, at)


def add_article(words: list[Word], at: int, chance: random.Random) -> bool:
    """*for peace* -> *for the peace*."""
    if words[at].text not in SUBORDINATE | {"of"} or at + 1 >= len(words):
        return False
    follower = words[at + 1].text
    if not follower.islower() or follower in DETERMINERS or follower in PREPOSITIONS or follower.endswith("ing"):
        return False
    words.insert(at + 1, Word("the", False))
    _blame(words, at + 1, at + 3)
    return True


def swap_preposition(words: list[Word], at: int, chance: random.Random) -> bool:
    """*interview with CNN* -> *interview to CNN*."""
    if at == 0 or words[at].text not in PREPOSITIONS:
        return False
    words[at].text = chance.choice(PREPOSITIONS[words[at].text])
    _blame(words, at, at + 1)
    return True


def unfold_possessive(words: list[Word], at: int, chance: random.Random) -> bool:
    """*Syria's army* -> *the army of Syria*."""
    if not words[at].text.endswith(("'s", "’s")) or at + 1 >= len(words) or not words[at + 1].text.islower():
        return False
    owner, owned = words[at].text[:-2], words[at + 1].text
    if owner.lower() in {"it", "he", "she", "that", "there", "let", "who", "what"}:
        return False
    words[at : at + 2] = [Word("the", words[at].glued), Word(owned, False), Word("of", False), Word(owner, False)]
    _blame(words, at, at + 4)
    return True


def _phrase_end(words: list[Word], at: int) -> int:
    end = at + 1
    while end < len(words) and end - at < 5 and words[end].text[0].isalnum() and words[end].text not in PREPOSITIONS:
        end += 1
    return end


def move_phrase(words: list[Word], at: int, chance: random.Random) -> bool:
    """*opened talks in Moscow* -> *opened in Moscow talks*."""
    if words[at].text not in SUBORDINATE or at < 3:
        return False
    end = _phrase_end(words, at)
    back = at - chance.choice((1, 1, 2))
    if end - at < 2 or not all(w.text[0].isalpha() for w in words[back:end]):
        return False
    moved = words[at:end]
    del words[at:end]
    words[back:back] = moved
    _blame(words, back, back + len(moved) + 1)
    return True


def swap_neighbours(words: list[Word], at: int, chance: random.Random) -> bool:
    """*already left* -> *left already*: two neighbouring words change places."""
    if at == 0 or at + 1 >= len(words):
        return False
    first, second = words[at], words[at + 1]
    if not (first.text.islower() and second.text.islower() and len(first.text) > 3 and len(second.text) > 3):
        return False
    first.text, second.text = second.text, first.text
    _blame(words, at, at + 2)
    return True


def change_number(words: list[Word], at: int, chance: random.Random) -> bool:
    """*officials* -> *official*, *has* -> *have*."""
    swaps = {"is": "are", "are": "is", "was": "were", "were": "was", "has": "have", "have": "has"}
    text = words[at].text
    if text in swaps:
        words[at].text = swaps[text]
    elif text.islower() and len(text) > 4 and text.endswith("s") and not text.endswith(("ss", "us", "is")):
        words[at].text = text[:-1]
    else:
        return False
    _blame(words, at, at + 1)
    return True


def change_form(words: list[Word], at: int, chance: random.Random) -> bool:
    """*signing* -> *signed*, *signed* -> *signing*: the wrong form of a verb."""
    text = words[at].text
    if not text.islower() or len(text) < 6:
        return False
    if text.endswith("ing"):
        words[at].text = text[:-3] + "ed"
    elif text.endswith("ed"):
        words[at].text = text[:-2] + "ing"
    else:
        return False
    _blame(words, at, at + 1)
    return True


FAULTS: tuple[tuple[Fault, int], ...] = (
    (drop_article, 5),
    (add_article, 2),
    (drop_copula, 3),
    (swap_preposition, 3),
    (unfold_possessive, 3),
    (move_phrase, 4),
    (swap_neighbours, 2),
    (change_number, 2),
    (change_form, 2),
)


def _words(text: str) -> list[Word]:
    return [Word(m.group(), m.start() == 0 or not text[m.start() - 1].isspace()) for m in PIECE.finditer(text)]


def _joined(words: list[Word]) -> Broken:
    text, labels = "", []
    for number, word in enumerate(words):
        if number and not word.glued:
            text += " "
        for piece in re.finditer(r"\w+|[^\w\s]", word.text):
            labels.append((len(text) + piece.start(), len(text) + piece.end(), float(word.bad)))
        text += word.text
    return Broken(text, tuple(labels))


def break_sentence(text: str, chance: random.Random) -> Broken | None:
    """The sentence with about one fault in eight words, or None when nothing in it could be broken."""
    words = _words(text)
    faults, weights = zip(*FAULTS, strict=True)
    wanted = max(1, round(len(words) * chance.uniform(0.05, 0.2)))
    made = 0
    for _ in range(wanted * 12):
        if made == wanted or not words:
            break
        at = chance.randrange(len(words))
        fault: Fault = chance.choices(faults, weights)[0]
        if not any(word.bad for word in words[max(0, at - 1) : at + 3]) and fault(words, at, chance):
            made += 1
    return _joined(words) if made else None
