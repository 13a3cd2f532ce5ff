"""Numbers of Russian and of English text, in digits and in words, as values that can be compared.

One mention may be read in several ways (*12.05* is a date or a decimal, *15:00* is 3 p.m., the first number of
*10-15 thousand* may be ten thousand), so it carries a set of values; two mentions agree when they share one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from itertools import product

from mtcheck.detectors.phrase_table import table_lines
from mtcheck.detectors.source_facts import readings

Values = frozenset[Fraction]
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number mentioned in a text.

    values: every value it may stand for. written: "digits", "words", or "loose" for words that only hint at a
    number (*couple*, *dozens*). bare: not part of a name or a code such as *Mi-35*, *COVID-19*, *G20*.
    """

    start: int
    end: int
    values: Values
    written: str
    bare: bool = True

    def agrees(self, values: Values) -> bool:
        """True when it may stand for one of the values."""
        return not self.values.isdisjoint(values)


def values_of(quantities: Iterable[Quantity]) -> Values:
    """Every value that one of them may stand for."""
    return frozenset(value for quantity in quantities for value in quantity.values)


_GAP = "[ \u00a0\u202f\u2009]"
_TOKEN = re.compile(
    rf"(?P<literal>\d{{1,2}}{_GAP}[1-9]/[2-9](?!\d)|\d{{1,3}}(?:{_GAP}\d{{3}})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*)|(?P<word>[^\W\d_]+)",
    re.UNICODE,
)
_JOINT = re.compile(rf"{_GAP}*(?:[-‑](?:х|ти|ми|и)?)?{_GAP}*(?:and{_GAP}+)?\.?{_GAP}*", re.I)
_SHORT_JOINT = re.compile(rf"\.?{_GAP}*")
_AND_A_HALF = re.compile(rf"{_GAP}+(?:and{_GAP}+a{_GAP}+half|с{_GAP}+половиной)", re.I)
_HALF_A = re.compile(rf"\bhalf{_GAP}+an?{_GAP}+$", re.I)
_RANGE = re.compile(rf"{_GAP}*%?{_GAP}*(?:[-–—‒/,]|\b(?:and|or|to|и|или|до|к|по|с|from)\b){_GAP}*[$€£¥₽]?", re.I)
_HOUR_AFTER = re.compile(rf"[:.]\d\d\b|{_GAP}*(?:a\.?m\b|p\.?m\b|o[’']clock|час)", re.I)
_DECADE_AFTER = re.compile(r"[-‑]?(?:s|х|е|ые|ых)\b")
_PART_OF_NAME = re.compile(r"[^\W\d_][-‑–]?$|[№#]$")
_ROMAN = re.compile(r"(?<![A-Za-zА-я])[IVXLХ]{1,7}(?![A-Za-zА-яё])")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "Х": 10, "L": 50}
_COMPOUND_TAIL = (
    "лет|этаж|кратн|дневн|час|недел|месяч|процент|миллион|тысяч|комнат|мест|сторон|очк|матч|серий|знач|метр|килом|балл|"
    "колес|парти|звездоч|тонн|градус|ступен|минут|секунд|рублев|сот|десят|член|миллиард|полос|крыл|страни|дюйм|томн|класс"
)


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    values: Values
    role: str  # literal, number, scale or loose


def english_quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of an English text, in order."""
    return _quantities(text, "en")


def russian_quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of a Russian text, in order."""
    return _quantities(text, "ru")


@lru_cache(maxsize=4_096)
def _quantities(text: str, language: str) -> tuple[Quantity, ...]:
    tokens = [token for match in _TOKEN.finditer(text) if (token := _token(match, language))]
    found, at = [], 0
    while at < len(tokens):
        run = _run(text, tokens, at)
        at += len(run)
        if run[0].role != "scale" or run[0].end - run[0].start > 2:
            found.append(_quantity(text, run))
    if language == "ru":
        found += [Quantity(*m.span(), frozenset([_roman(m.group())]), "loose") for m in _ROMAN.finditer(text)]
    return _share_scales(text, sorted(found, key=lambda quantity: quantity.start))


def _token(match: re.Match[str], language: str) -> _Token | None:
    if literal := match["literal"]:
        return _Token(*match.span(), _literal_values(literal, language), "literal")
    for form in _forms(match["word"], language):
        if entry := _numerals(language).get(form):
            return _Token(*match.span(), entry[1], entry[0])
    if language == "ru" and (values := _compound(match["word"].lower().replace("ё", "е"))):
        return _Token(*match.span(), values, "loose")
    return None


@lru_cache(maxsize=100_000)
def _forms(word: str, language: str) -> tuple[str, ...]:
    lower = word.lower().replace("ё", "е")
    if language == "en":
        return (lower,)
    return (lower, *dict.fromkeys(reading.lemma.replace("ё", "е") for reading in readings(lower)))


@cache
def _numerals(language: str) -> dict[str, tuple[str, Values]]:
    """Role and values of each word of the table that is of this language."""
    rows = (row for row in table_lines("numerals.tsv") if row[0] == language)
    return {
        word: (role, frozenset(map(Fraction, values.split())))
        for _, role, values, words in rows
        for word in words.split()
    }


def _literal_values(literal: str, language: str) -> Values:
    """Readings of digits with separators: Russian has a decimal comma, English a comma between thousands."""
    if "/" in literal:  # 1 1/2
        whole, part = re.split(_GAP, literal)
        return frozenset([Fraction(whole) + Fraction(part)])
    plain = re.sub(_GAP, "", literal)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+\.\d+", plain):
        return frozenset([Fraction(plain.replace(",", ""))])
    parts = re.split("[.,]", plain)
    if len(parts) == 1:
        return frozenset([Fraction(plain)])
    thousands = all(len(part) == 3 for part in parts[1:]) and parts[0] != "0"
    if len(parts) > 2:
        return frozenset([Fraction("".join(parts))]) if thousands else frozenset(map(Fraction, parts))
    decimal = Fraction(f"{parts[0]}.{parts[1]}")
    grouped = Fraction("".join(parts))
    if thousands and "," in plain and language == "en":
        return frozenset([grouped])
    found = {decimal, grouped} if thousands else {decimal}
    if "." in plain and len(parts[1]) == 2:  # 26.09 and 15.30
        found |= {Fraction(parts[0]), Fraction(parts[1])}
    return frozenset(found)


@lru_cache(maxsize=100_000)
def _compound(word: str) -> Values:
    """Values of a Russian compound such as двадцатипятилетний or трехэтажный; empty for other words."""
    stems = _compound_stems()
    match = re.fullmatch(rf"((?:{'|'.join(stems)})+)(?:{_COMPOUND_TAIL})\w*", word)
    if not match:
        return frozenset()
    parts = [stems[stem] for stem in re.findall("|".join(stems), match[1])]
    return frozenset([sum(parts, Fraction(0)), *parts])


@cache
def _compound_stems() -> dict[str, Fraction]:
    """What numerals become in front of a noun: their genitive, longest first."""
    numbers = {form: min(values) for form, (role, values) in _numerals("ru").items() if role == "number"}
    stems = {form[:-1] + "и": value for form, value in numbers.items() if form.endswith("ь")}
    stems |= {f"{form[:-6]}идесяти": value for form, value in numbers.items() if form.endswith("ьдесят")}
    for stem, value in (("дву", 2), ("двух", 2), ("трех", 3), ("четырех", 4), ("сорока", 40), ("девяносто", 90)):
        stems[stem] = Fraction(value)
    stems |= {"сто": Fraction(100), "двухсот": Fraction(200), "трехсот": Fraction(300), "восьми": Fraction(8)}
    stems["восьмидесяти"] = Fraction(80)
    return {stem: stems[stem] for stem in sorted(stems, key=len, reverse=True)}


def _run(text: str, tokens: Sequence[_Token], at: int) -> list[_Token]:
    """The tokens from ``at`` on that make one number: *2 млн 300 тыс.*, *twenty-five thousand*, *two and a half*."""
    run = [tokens[at]]
    if run[0].role == "loose":
        return run
    for token in tokens[at + 1 :]:
        if token.role == "loose" and _AND_A_HALF.fullmatch(text, run[-1].end, token.end):
            run.append(_Token(token.start, token.end, frozenset([Fraction(1, 2)]), "number"))
        elif _continues(run, token) and _joint(token).fullmatch(text, run[-1].end, token.start):
            run.append(token)
        else:
            break
    return run


def _joint(token: _Token) -> re.Pattern[str]:
    return _SHORT_JOINT if token.role == "literal" else _JOINT


def _continues(run: Sequence[_Token], token: _Token) -> bool:
    last = run[-1].role
    if token.role == "scale":  # a single k or m is a scale only in the same word as its digits
        return token.end - token.start > 2 or (last == "literal" and token.start == run[-1].end)
    if token.role == "literal":
        return last == "scale" and len(run) > 1
    return token.role == "number" and last in ("number", "scale")


def _quantity(text: str, run: Sequence[_Token]) -> Quantity:
    start, end = run[0].start, run[-1].end
    if len(run) == 1 and run[0].role in ("literal", "loose"):
        values = run[0].values
        if run[0].role == "literal":
            values |= _other_readings(text, run[0])
    else:
        values = _composed(text, run)
    written = {"literal": "digits", "number": "words"}.get(run[0].role, "loose")
    bare = written != "digits" or not (
        _PART_OF_NAME.search(text, max(0, start - 3), start) or re.match(r"[^\W\d_]*\d|[A-ZА-Я]", text[end:])
    )
    return Quantity(start, end, values, written, bare)


def _composed(text: str, run: Sequence[_Token]) -> Values:
    """The values of a run; without a scale, each of its numbers too (*five-six* is no eleven)."""
    found: set[Fraction] = set()
    for values in product(*(token.values for token in run)):
        total = current = Fraction(0)
        for token, value in zip(run, values, strict=True):
            current = (current or Fraction(1)) * value if token.role == "scale" else current + value
            if token.role == "scale" and value >= _THOUSAND:
                total, current = total + current, Fraction(0)
        found.add(total + current)
    if _HALF_A.search(text, max(0, run[0].start - 40), run[0].start):
        found = {value / 2 for value in found}
    if all(token.role == "number" for token in run):
        found |= {value for token in run for value in token.values}
    if run[-1].role == "scale" and text[run[-1].start - 1].isdigit():  # 100m may be metres
        found |= run[0].values
    return frozenset(found)


def _other_readings(text: str, token: _Token) -> Values:
    """The hour on a clock of twelve, the decade with its century, the second year of a season."""
    found: set[Fraction] = set()
    for value in token.values:
        if value.denominator != 1:
            continue
        if _HOUR_AFTER.match(text, token.end) and 0 <= value <= 24:
            found.add(value - 12 if value > 12 else value + 12)  # also 00:30, which is 12:30 a.m.
        if _DECADE_AFTER.match(text, token.end) and value % 10 == 0:
            found |= {value + 1900, value + 2000} if value < 100 else {value % 100}
        if value < 100 and re.search(r"\b\d{4}[/–-]$", text[max(0, token.start - 6) : token.start]):
            found |= {value + 1900, value + 2000}
    return frozenset(found)


def _share_scales(text: str, found: list[Quantity]) -> tuple[Quantity, ...]:
    """Numbers in front of a scaled one may share its scale: *10 to 15 thousand*."""
    shared = list(found)
    for at in range(len(found) - 2, -1, -1):
        this, following = shared[at], shared[at + 1]
        scale = _scale_of(text, following)
        if scale > 1 and this.written != "loose" and _RANGE.fullmatch(text, this.end, following.start):
            values = this.values | {value * scale for value in this.values}
            shared[at] = Quantity(this.start, this.end, values, this.written, this.bare)
    return tuple(shared)


def _scale_of(text: str, quantity: Quantity) -> int:
    """The largest power of a thousand that the words of the mention name."""
    mentioned = text[quantity.start : quantity.end].lower()
    for language in ("en", "ru"):
        for match in re.finditer(r"[^\W\d_]+", mentioned):
            for form in _forms(match.group(), language):
                role, values = _numerals(language).get(form, ("", frozenset()))
                if role == "scale":
                    return int(min(values))
    return 1


def _roman(numeral: str) -> Fraction:
    digits = [_ROMAN_DIGITS[letter] for letter in numeral]
    pairs = zip(digits, [*digits[1:], 0], strict=True)
    return Fraction(sum(-left if left < right else left for left, right in pairs))
