"""Is the text in the language it should be in? Offline, lenient on short texts and foreign names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lingua import LanguageDetector

_LATIN = (
    "ENGLISH FRENCH GERMAN SPANISH PORTUGUESE ITALIAN POLISH CZECH DUTCH TURKISH ROMANIAN SWEDISH FINNISH HUNGARIAN"
)
_CYRILLIC = "RUSSIAN UKRAINIAN BELARUSIAN BULGARIAN SERBIAN KAZAKH"
_NAMES = {"en": "English", "ru": "Russian"}

_SAMPLE = 300
"""Words looked at, spread over the whole text: enough to be sure, the same time for any length."""
_TOO_SHORT = 5
_SURE = 0.9
"""Confidence of the detector, in [0, 1], below which the text gets the benefit of the doubt."""
_ENGLISH_GLUE = frozenset("the and of to by with that for from has have had this be are were not which their".split())
_GLUE_SHARE = 0.12
"""Share of these words above which a text is English, however foreign its names: about 0.25 in English news."""


def other_language(text: str, expected: str) -> str | None:
    """The name of the language the text is clearly written in instead of ``expected`` (``en`` or ``ru``), or None.

    None is also the answer for anything too short to tell. Names do not count: only words that
    begin in lower case are looked at in Latin script, where a list of Russian names would pass
    for half of the languages of Europe.
    """
    script = _script(text)
    if script is None:
        return None
    if script not in ("LATIN", "CYRILLIC"):
        return "Chinese or Japanese" if script == "CJK" else f"text in {script.capitalize()} script"
    if (script == "LATIN") != (expected == "en"):
        return _best(text, script) or ("English" if script == "LATIN" else "Russian")
    best = _best(text, script)
    return best if best != _NAMES[expected] else None


def _script(text: str) -> str | None:
    """The script of most letters, as Unicode names it; None for fewer than three words' worth of letters."""
    letters = Counter(char for char in text if char.isalpha())
    scripts: Counter[str] = Counter()
    for char, count in letters.items():
        scripts[unicodedata.name(char, "UNKNOWN ").split(" ", 1)[0]] += count
    return scripts.most_common(1)[0][0] if scripts.total() >= 12 else None


def _best(text: str, script: str) -> str | None:
    """The one language the words point to, or None when they are few or undecided."""
    words = re.findall(r"\b[^\W\d_]+\b", text)
    if script == "LATIN":
        words = [word for word in words if word.islower()]
    if len(words) < _TOO_SHORT:
        return None
    if script == "LATIN" and sum(word in _ENGLISH_GLUE for word in words) >= _GLUE_SHARE * len(words):
        return "English"
    sample = " ".join(words[:: max(1, len(words) // _SAMPLE)])
    first = _detector(script).compute_language_confidence_values(sample)[0]
    return first.language.name.capitalize() if first.value >= _SURE else None


@cache
def _detector(script: str) -> LanguageDetector:
    from lingua import Language, LanguageDetectorBuilder

    names = _LATIN if script == "LATIN" else _CYRILLIC
    languages = [getattr(Language, name) for name in names.split()]
    # The light mode (three-letter sequences only) is as sure on whole articles and loads faster.
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
