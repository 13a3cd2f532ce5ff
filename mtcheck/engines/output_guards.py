"""What is wrong with a machine translation that can be seen without understanding it."""

from __future__ import annotations

import re
from collections import Counter

_SCRIPTS = {"ru": "\u0400-\u04ff", "en": "A-Za-z\u00c0-\u024f", "pt": "A-Za-z\u00c0-\u024f"}
_LEAST_OWN_SCRIPT = 0.75
"""Share of the letters; names and acronyms may stay in the other script."""
_RATIO = (0.4, 2.5)
"""Characters of the output per character of the source, plus the slack that short texts need."""
_SLACK = 12
_REPEATS = 3
_REFUSAL = re.compile(
    r"""^\W*(?:(?:I'm\ |I\ am\ )?sorry\b.{0,40}\b(?:can|assist|help|translat)
    | as\ an\ AI\b | I\ (?:cannot|can't)\ (?:translat|assist|help) | here\ is\ the | translation: | note:
    | (?:к\ сожалению,\ )?я\ не\ (?:могу|умею)\ (?:перевести|переводить|помочь) | вот\ перевод)""",
    re.IGNORECASE | re.VERBOSE,
)
_REPEATED = re.compile(r"(.{2,60}?)(?:\W{0,3}\1){3,}", re.DOTALL)


def fault(source: str, output: str, target_lang: str, *, numbers: bool = False) -> str | None:
    """The first fault found, a plain clause, or None.

    Looks for: nothing, refusal or comment, wrong script, wrong length, repetition and, on request, lost numbers.
    A language whose script is not known is not held to one.
    """
    letters = re.findall(r"[^\W\d_]", output)
    source_letters = re.findall(r"[^\W\d_]", source)
    if not output.strip() or (source_letters and not letters):
        return "empty"
    if _REFUSAL.search(output) and not _REFUSAL.search(source):
        return "a comment instead of a translation"
    if (script := _SCRIPTS.get(target_lang)) and letters:
        own = sum(bool(re.match(f"[{script}]", letter)) for letter in letters)
        if own < _LEAST_OWN_SCRIPT * len(letters) and len(letters) > _SLACK:
            return "wrong script"
    low, high = _RATIO
    if not low * len(source) - _SLACK <= len(output) <= high * len(source) + _SLACK:
        return "wrong length"
    if repeats(output) > max(repeats(source), 1):
        return "repetition"
    if numbers and lost_numbers(source, output):
        return "numbers lost"
    return None


def repeats(text: str) -> int:
    """How often the most repeated run of three words occurs, or 4 and more for a shorter unit said over and over."""
    words = text.lower().split()
    runs = Counter(zip(words, words[1:], words[2:], strict=False))
    most = max(runs.values(), default=0)
    stuck = _REPEATED.search(text)
    unit = stuck.group(1) if stuck else ""
    # "12 000 000" and "..." repeat lawfully
    return max(most if most >= _REPEATS else 0, _REPEATS + 1 if re.search(r"[^\W\d_]", unit) else 0)


def lost_numbers(source: str, output: str) -> bool:
    """True when most numbers of two digits and more are missing: 1,200 = 1200 = 1 200 are one number."""
    wanted, found = _numbers(source), _numbers(output)
    missing = sum((wanted - found).values())
    return missing * 2 > sum(wanted.values())


def _numbers(text: str) -> Counter[str]:
    joined = re.sub(r"(?<=\d)[ ,.\u00a0\u202f](?=\d)", "", text)
    return Counter(number for number in re.findall(r"\d+", joined) if len(number) > 1)
