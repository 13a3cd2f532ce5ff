"""What a sentence and its translation have in common: numbers, how names sound, and the commonest words.

A word is known by its *keys*. A Russian word has the keys of every English word it may stand for, so
that two words match when they share a key. ``lexicon.tsv`` gives the English stems of
common Russian stems (see models/recipes/alignment_lexicon.py); sound gives the rest.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"\d+(?:[.,\u00a0\u2009\u202f]\d+)*|[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_SOUNDS = (
    *(("shch", "s"), ("sch", "s"), ("tch", "c"), ("kh", "h"), ("dzh", "j"), ("zh", "j"), ("sh", "s"), ("ch", "c")),
    *(("ph", "f"), ("th", "t"), ("ck", "k"), ("ts", "c"), ("tz", "c"), ("qu", "kv"), ("x", "ks"), ("w", "v")),
    *(("q", "k"), ("y", "i"), ("tion", "ci"), ("sion", "si"), ("z", "s"), ("ee", "i"), ("oo", "u"), ("j", "i")),
)
_SOUND = 4
"""Letters of the sound key: how a name begins survives Russian endings."""
_STEM = 5


def stems(text: str) -> list[str]:
    """The first letters of each word, in lower case; numbers as their digits."""
    return [_stem(word.lower()) for word in _WORD.findall(text)]


@cache
def keys(word: str) -> frozenset[str]:
    """Keys of one word in lower case: digits, English stems (``=stem``) or sound (``~soun``)."""
    if word[0].isdigit():
        return frozenset([_stem(word)])
    russian = _CYRILLIC.search(word) is not None
    found = {f"={stem}" for stem in _lexicon().get(_stem(word), ())} if russian else {f"={_stem(word)}"}
    sound = _sound(_latin(word) if russian else word)
    if len(sound) >= _SOUND:
        found.add(f"~{sound[:_SOUND]}")
    return frozenset(found)


def words(text: str) -> list[str]:
    """The words and numbers of a text, in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


def _stem(word: str) -> str:
    return re.sub(r"\D", "", word) if word[0].isdigit() else word[:_STEM]


def _sound(latin: str) -> str:
    """A rough common spelling of Russian and English words: ``rezoliutsiia`` and ``resolution`` begin alike."""
    for letters, sound in _SOUNDS:
        latin = latin.replace(letters, sound)
    latin = re.sub(r"c(?=[aoulkrt]|$)", "k", latin)
    return re.sub(r"(.)\1", r"\1", re.sub(r"[^a-z]", "", latin))


def _latin(word: str) -> str:
    import iuliia

    return str(iuliia.WIKIPEDIA.translate(word)).lower()


@cache
def _lexicon() -> dict[str, tuple[str, ...]]:
    """Russian stem to its English stems."""
    lines = files("mtcheck.alignment").joinpath("lexicon.tsv").read_text(encoding="utf-8").splitlines()
    return {row[0]: tuple(row[1:]) for row in (line.split("\t") for line in lines)}
