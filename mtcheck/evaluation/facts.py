"""Facts that cleaning must keep, checked by other means than the guards that choose edits: a second pair of eyes.

Numbers, dates, names, negation, quotation and addresses of a sentence before and after. Names are compared by their
consonants after transliteration, so that *Dzhabhat* and *Jabhat*, or a name left in Cyrillic and its Latin form, are
one name. Where the source sentence is known, a change towards what the source says breaks nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from mtcheck.word_frequency import zipf

_WORD = re.compile(r"[^\W\d_]+(?:['’.\-][^\W\d_]+)*")
_THOUSANDS = re.compile(r"(?P<figures>\d{1,3}(?:[.,]\d{1,2})?(?:[-–]\d{1,3}(?:[.,]\d{1,2})?)?)\s+thousand\b")
_FIGURES = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f,.]\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
_ROMAN = re.compile(r"\b(?=[XVI]{2,}\b)X{0,2}(?:IX|IV|V?I{0,3})\b")
_ROMAN_VALUE = {"X": 10, "V": 5, "I": 1}
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+")
_NUMERALS = {
    **{
        word: str(value)
        for value, word in enumerate(
            "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
            " eighteen nineteen twenty".split(),
            start=2,
        )
    },
    **{word: str(10 * value) for value, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), 3)},
    **{form: word for word in ("hundred", "thousand", "million", "billion") for form in (word, word + "s")},
    "mln": "million", "bln": "billion", "bn": "billion",
}  # fmt: skip
_DATE = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Mon|Tues|Tue|Wed|Thurs|Thu|Fri|Sat|Sun)\b"
)
_RUSSIAN_DATE = {
    "Jan": "январ", "Feb": "феврал", "Mar": "март", "Apr": "апрел", "May": "ма[йяе]\\b", "Jun": "июн", "Jul": "июл",
    "Aug": "август", "Sep": "сентябр", "Oct": "октябр", "Nov": "ноябр", "Dec": "декабр", "Mon": "понедельник",
    "Tue": "вторник", "Wed": "сред[ауеы]", "Thu": "четверг", "Fri": "пятниц", "Sat": "суббот", "Sun": "воскресень",
}  # fmt: skip
_NEGATIONS = frozenset("not no never none nobody nothing neither nor without cannot".split())
_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya".replace("_", "").split(" "),
        strict=True,
    )
)
_SPELLINGS = (
    ("shch", "sch"),
    ("dzh", "j"),
    ("zh", "j"),
    ("kh", "h"),
    ("ch", "h"),
    ("ts", "c"),
    ("x", "ks"),
    ("ph", "f"),
)
_MARKS = re.compile(r"[\"“”„«»]|<<|>>|''|``")
FUNCTION_WORD, COMMON_WORD = 6.0, 4.0
"""Zipf frequency from which a capitalised word is no name: within a sentence, and where it opens one."""


def broken(before: str, after: str, source: str | None = None) -> tuple[str, ...]:
    """What the text lost or gained of facts, one plain clause each; () when every fact stands."""
    if before == after:
        return ()
    verdicts = [
        _differs("number", _numbers(before), _numbers(after), _numbers(source or "")),
        _differs("date", _dates(before), _dates(after), _russian_dates(source or "")),
        _differs("address", _ADDRESS.findall(before), _ADDRESS.findall(after), []),
        _names(before, after, source or ""),
        _negation(before, after),
        _quotation(before, after),
    ]
    return tuple(verdict for verdict in verdicts if verdict)


def _differs(fact: str, before: Iterable[str], after: Iterable[str], source: Iterable[str]) -> str:
    """Lost and new values; where one of each was exchanged and only the new one is in the source, it was mended."""
    known = set(source)
    lost, new = Counter(before) - Counter(after), Counter(after) - Counter(before)
    mended = new.keys() & known
    return _clause(fact, lost if not mended else [v for v in lost if v in known], [v for v in new if v not in mended])


def _clause(fact: str, lost: Iterable[str], new: Iterable[str]) -> str:
    parts = [f"{what} {', '.join(values)}" for what, some in (("lost", lost), ("new", new)) if (values := list(some))]
    return f"{fact}: {'; '.join(parts)}" if parts else ""


def _in_full(amount: re.Match[str]) -> str:
    """*9.5 thousand* as *9500*, *5-6 thousand* as *5000-6000*."""
    return re.sub(r"[\d.,]+", lambda figure: f"{float(figure[0].replace(',', '.')) * 1000:.0f}", amount["figures"])


def _numbers(text: str) -> list[str]:
    """Figures with thousands unseparated and a decimal point, Roman numerals and number words as figures."""
    figures = []
    text = _THOUSANDS.sub(_in_full, text)
    for figure in _FIGURES.findall(text):
        groups = re.split(r"[^\d]", figure)
        thousands = len(groups) > 2 or (len(groups) == 2 and len(groups[1]) == 3)
        figures.append(("" if thousands else ".").join(groups))
    words = [_NUMERALS[part] for word in _WORD.findall(text) for part in word.lower().split("-") if part in _NUMERALS]
    return figures + words + [str(_roman(numeral)) for numeral in _ROMAN.findall(text)]


def _roman(numeral: str) -> int:
    values = [_ROMAN_VALUE[letter] for letter in numeral]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))


def _dates(text: str) -> list[str]:
    """Months and days of the week, by their first three letters."""
    return [name[:3] for name in _DATE.findall(text)]


def _russian_dates(text: str) -> list[str]:
    return [name for name, stem in _RUSSIAN_DATE.items() if re.search(rf"\b{stem}", text.lower())]


def _names(before: str, after: str, source: str) -> str:
    """Capitalised words with no counterpart on the other side; the source excuses a name that it has."""
    words, words_after, sources = _WORD.findall(before), _WORD.findall(after), _WORD.findall(source)
    lost = [name for name in _capitalised(before, sources) if not any(_same(name, word) for word in words_after)]
    new = [name for name in _capitalised(after, sources) if not any(_same(name, word) for word in words)]
    mended = {name for name in new if any(_same(name, word) for word in sources)}
    if mended:
        lost = [name for name in lost if any(_same(name, word) for word in sources)]
    return _clause("name", dict.fromkeys(lost), dict.fromkeys(name for name in new if name not in mended))


def _capitalised(text: str, sources: Sequence[str]) -> list[str]:
    """Words that may be names: not function words, nor common words that open a sentence, unless the source has them.

    Without the source a famous name (Putin) cannot be told from a common word (Scientists) where it opens a sentence.
    """
    names = []
    for match in _WORD.finditer(text):
        word, head = match.group(), text[: match.start()].rstrip()
        opens = not head or head[-1] in '.!?…:"“„«(–—-'
        if _DATE.fullmatch(word) or _ROMAN.fullmatch(word) or not word[0].isupper():
            continue
        in_source = any(_same(word, other) for other in sources if other[0].isupper())
        limit = COMMON_WORD if opens and not in_source else FUNCTION_WORD
        if zipf(_base(word)) < limit or (word.isupper() and len(word) > 1):
            names.append(word)
    return names


def _base(word: str) -> str:
    return re.sub(r"['’]s?$", "", word).replace(".", "").lower()


@cache
def _same(name: str, word: str) -> bool:
    """One name, whatever its transliteration, ending (Russia, Russian) and case; an acronym has one form only."""
    left, right = _latin(_base(name)), _latin(_base(word))
    if left == right:
        return True
    if name.isupper() or len(left) < 3 or len(right) < 3:
        return left.rstrip("s") == right.rstrip("s")
    if "-" in left or "-" in right:
        return any(len(part) > 3 and part in right.split("-") for part in left.split("-"))
    stem = max(4, max(len(left), len(right)) - 4)
    return left[:stem] == right[:stem] or _close(_consonants(left), _consonants(right))


def _close(left: str, right: str) -> bool:
    """Equal consonants, or one more at the end: a Russian case."""
    shorter, longer = sorted((left, right), key=len)
    return len(shorter) > 1 and longer.startswith(shorter) and len(longer) - len(shorter) <= (len(shorter) > 2)


def _latin(word: str) -> str:
    plain = "".join(_CYRILLIC.get(letter, letter) for letter in word.lower())
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))


def _consonants(word: str) -> str:
    for spelling, one in _SPELLINGS:
        word = word.replace(spelling, one)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouyw]", "", word))


def _negation(before: str, after: str) -> str:
    """Negative words counted; two that became one (*did not say nothing*) are one negation as before."""
    words, words_after = (
        [w for w in map(str.lower, _WORD.findall(text)) if w in _NEGATIONS or w.endswith(("n't", "n’t"))]
        for text in (before, after)
    )
    concord = 1 <= len(words_after) < len(words) and any(
        w in words for w in ("nothing", "nobody", "never", "no", "nor")
    )
    if len(words) == len(words_after) or concord:
        return ""
    return f"negation: {len(words)} before ({', '.join(words)}), {len(words_after)} after ({', '.join(words_after)})"


def _quotation(before: str, after: str) -> str:
    """Words that moved into or out of quotation marks; where the marks do not pair up, nothing is known."""
    if any(len(_MARKS.findall(text)) % 2 for text in (before, after)):
        return "" if len(_MARKS.findall(before)) % 2 else "quotation: marks no longer pair up"
    (quoted, plain), (quoted_after, plain_after) = _quoted(before), _quoted(after)
    left, entered = quoted & plain_after - plain, plain & quoted_after - quoted
    return _clause("quotation", sorted(left - quoted_after), sorted(entered - plain_after))


def _quoted(text: str) -> tuple[set[str], set[str]]:
    """Words of four letters and more inside and outside quotation marks, in lower case."""
    parts: Sequence[str] = _MARKS.split(text)
    inside, outside = (
        {word.lower() for part in parts[first::2] for word in _WORD.findall(part) if len(word) > 3} for first in (1, 0)
    )
    return inside, outside
