"""A key under which the transliterations of one name fall together."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ARABIC_ARTICLE = re.compile(r"^(?:al|el|an|en|ar|er|as|es|ash|esh|at|ad|az)-(?=\w{3})")
_STEPS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"dzh|dj", "J"),
        (r"shch|sch", "S"),
        (r"zh", "J"),
        (r"kh", "h"),
        (r"sh", "S"),
        (r"tch|ch", "C"),
        (r"tz|ts|cz", "c"),
        (r"ph", "f"),
        (r"ck|q", "k"),
        (r"c(?=[aoulrkt]|$)", "k"),
        (r"x", "ks"),
        (r"w", "v"),
        (r"oo|ou", "u"),
        (r"ee", "i"),
        (r"(?<=[aeiou])j", "i"),
        (r"j", "J"),
        (r"i?y[iy]|iy|ij|ii", "i"),
        (r"^ye|^je", "e"),
        (r"[yi]e", "e"),
        (r"[yi]u", "u"),
        (r"[yi]a", "a"),
        (r"y", "i"),
        (r"(?<=[aeou])i(?=[aeouk-z]|$)", "i"),
        (r"(.)\1", r"\1"),
    )
)


@lru_cache(maxsize=20_000)
def name_key(name: str) -> str:
    """The key of a name: equal for *Dzhabhat* and *Jabhat*, *Sergei* and *Sergey*, *Korbin* and *Corbyn*.

    The name is one word, with or without hyphens; an Arabic article in front is read as *al-*.
    """
    plain = unicodedata.normalize("NFKD", name.lower().replace("’", "").replace("'", ""))
    key = "".join(letter for letter in plain if not unicodedata.combining(letter))
    key = _ARABIC_ARTICLE.sub("al-", key)
    for pattern, replacement in _STEPS:
        key = pattern.sub(replacement, key)
    return key
