"""How common an English word is, on the Zipf scale of wordfreq (Speer 2022, doi:10.5281/zenodo.7199437).

wordfreq answers for any text of any language, which takes it 0.25 s to get ready for. A rule asks for single words: for
those this module reads wordfreq's word lists itself, and gives the same numbers. The short list, 29,000 words, holds
nearly every word asked for and is open in milliseconds; the long one, 321,000 words, is opened only when it is needed.
"""

from __future__ import annotations

import gzip
import re
from bisect import bisect_left
from functools import cache, lru_cache
from importlib.util import find_spec
from math import floor, log10
from pathlib import Path
from typing import Any

_PLAIN = re.compile(r"[a-zà-öø-ɏ]+(?:-[a-zà-öø-ɏ]+)*")  # Latin letters


@lru_cache(maxsize=50_000)
def zipf(word: str) -> float:
    """Base-10 logarithm of how often the word comes in a billion words: 6 for *on*, 3 for *mayoral*; 0 when unknown."""
    lower = word.casefold()
    if not _PLAIN.fullmatch(lower):
        from wordfreq import zipf_frequency

        return float(zipf_frequency(word, "en"))
    parts = [_centibels(part) for part in lower.split("-")]
    if None in parts:
        return 0.0
    share = 1 / sum(10 ** (part / 100) for part in parts if part is not None)  # a compound is rarer than its parts
    return round(log10(round(share, floor(-log10(share)) + 3)) + 9, 2)  # rounded twice, as wordfreq does


def is_known(word: str) -> bool:
    """True when the long list has the word."""
    return zipf(word) > 0


def _centibels(word: str) -> int | None:
    """Hundredths of a power of ten by which the word is rarer than every word; None when unknown."""
    if (found := _common().get(word)) is not None:
        return found
    for centibels, words in enumerate(_words("large")):
        at = bisect_left(words, word)
        if at < len(words) and words[at] == word:
            return centibels
    return None


@cache
def _common() -> dict[str, int]:
    return {word: centibels for centibels, words in enumerate(_words("small")) for word in words}


@cache
def _words(size: str) -> list[list[str]]:
    """The words of a list by their frequency in centibels, each group in alphabetical order."""
    import msgpack

    package = find_spec("wordfreq")  # found, not imported
    folder = Path(package.origin or "").parent if package else Path()
    packed: list[Any] = msgpack.unpackb(gzip.decompress((folder / "data" / f"{size}_en.msgpack.gz").read_bytes()))
    if packed[0] != {"format": "cB", "version": 1}:
        raise ValueError(f"not a word list of wordfreq: {packed[0]}")
    return packed[1:]
