"""Sentences of prose, with the exact place of every code point in the raw document.

A document format hands over *passages* (a paragraph, a heading, a table cell: the visible text and
where each of its code points stands); this module cuts them into sentences with nupunkt and mends
the cuts that machine-translated news gets wrong: attribution after a quotation, Russian
abbreviations in Latin letters, editors' brackets, a full stop with no space after it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from mtcheck.schema import Gap, Segment, Span

_URL = r"(?:https?://|ftp://|www\.)[^\s<>“”«»\"]*[^\s<>“”«»\".,;:!?…)\]}'’]"
_EMAIL = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
_PLACEHOLDER = r"\{\{[^{}\n]*\}\}|\{%[^{}\n]*%\}"
PROTECTED = re.compile(rf"{_URL}|{_EMAIL}|{_PLACEHOLDER}", re.IGNORECASE)
"""Addresses and template placeholders: content that no edit may touch, whatever the format."""
_LONGEST = 5000
"""Code points of a segment. No sentence is so long; what is, is hostile or no prose, and must not take any rule, whose
time may grow with the square of a segment, more than a moment."""

_UNBROKEN = re.compile(r"\S{1000,}")
"""No words; nupunkt's time grows with the square of the marks in it."""

_OPENERS = (
    "The|He|She|It|They|We|But|And|In|On|At|This|That|These|Those|There|Later|However|Meanwhile|According|If|When|"
    "After|Before|As|For|From|Some|Many|His|Her|Their|Its|Our|Let|Also|Now|Then|So|Such|To|What|Why|How|Who|While|With"
)
_ADDRESSES = "ul|im|obl|prosp|nab|pl|str|d|kv|корп|ул|им|обл|пр|пл|наб|пос|пер|д|кв|г"
_ENGLISH_ABBREVIATIONS = (
    "thous mln bln mlrd tys rub kop ul im obl prosp nab approx ed eds art sq km kg cm mm i.e t.e t.d t.p dept maj capt "
    "lt col gen adm sgt gov sen rep pres prof"
)
_RUSSIAN_ABBREVIATIONS = (
    "г в вв тыс руб коп долл ул им обл пр просп пл наб пос пер корп стр кв км кг см мм га шт т.е т.к "
    "т.н т.д т.п т.ч др проф акад доц ген полк подп кап лейт св о др см ср рис табл напр гл ст п пп"
)

_CLOSERS = "”\"»’'"
_MISSING_SPACE = re.compile(
    rf"(?<![\w./@’'-])(?:[a-zа-я][\w’'-]*[a-zа-я]|(?P<name>[A-ZА-Я][\w’'-]*[a-zа-я])|\w+[”»\")])[.!?…]+[”»\")]*()"
    rf"(?=[“«\"(]?(?:(?P<opener>(?:{_OPENERS})\b)|[A-ZА-Я][a-zа-я]*(?![\w.])))"
)
_TOP_LEVEL = re.compile(r"(?:Ru|Com|Org|Net|Info|Biz|Tv|Ua|By|Su|News|Life|Press|Online|Js|Py|Io|Gov|Edu|Eu)\b", re.I)
_INITIALS_THEN_OPENER = re.compile(
    rf"(?<![A-Z]\.)\b(?:[A-Z]\.){{2,6}}[{_CLOSERS})\]]*\s+()(?=[“«\"(]?(?:{_OPENERS})\b)"
)
_RUSSIAN_THEN_OPENER = re.compile(
    r"(?:\bт\. ?[дп]|\d г|\d (?:руб|коп|млн|млрд|тыс)|\bдр)\.\s+()"
    r"(?=(?:Он[аио]?|Эт[оаи]|Этот|Мы|Но|А|И|В|На|По|При|Как|Так|Также|Однако|Кроме|После|До|С|Из|За|Если|Когда|Для|У|К|"
    r"Об?|Что|Не|Все|Их|Его|Е[её])\b(?!\.))"
)
_QUOTE_THEN_OPENER = re.compile(rf"[a-zа-я][.!?][{_CLOSERS}]\s+()(?=(?:{_OPENERS})(?:['’][a-z]+)?\b)")
_OMISSION_THEN_OPENER = re.compile(rf"(?:<(?:…|\.\.\.)>|\[(?:…|\.\.\.)\])\s+()(?=(?:{_OPENERS})\b)")
_BRACKETED = re.compile(r"\([^()\n]{0,300}\)|\[[^\[\]\n]{0,300}\]")

_QUOTE_END = re.compile(rf"[{_CLOSERS}]\s*$")
_FULL_QUOTE_END = re.compile(rf"[.!?…,][{_CLOSERS}]\s*$")
_EMPHATIC_QUOTE_END = re.compile(rf"[!?…][{_CLOSERS}]\s*$")
_DASH = re.compile(r"\s*[–—―-]+\s")
_LOWER = re.compile(r"[“«\"'‘(\[–—\s-]*[a-zа-яё]")
_SPOKEN_OF = re.compile(
    r"(?:(?:[A-Z][\w’'.-]*|of|the|de|al|foreign)\s+){0,5}?(?:[A-Z][\w’'-]*|he|she|they)\s+"
    r"(?:said|says|asked|asks|added|adds|replied|answered|recalled|noted|exclaimed|wondered|explained|concluded|"
    r"stressed|emphasi[sz]ed|wrote|told|continued|insisted|declared|remarked)\b"
)
_NUMBER_ABBREVIATION = re.compile(
    r"\b(?:Nos?|[Aa]rts?|pp?|[Vv]ols?|[Ff]igs?|[Ss]ec|[Cc]h|ст|п|стр|рис|см|гл|д|кв|корп)\.\s*$"
)
_ADDRESS_ABBREVIATION = re.compile(rf"(?<!\d )(?<!\d)\b(?:{_ADDRESSES})\.\s*$")
_AND_SO_ON = re.compile(r"\bт\. ?[дп]\.\s*$")
_CITY = re.compile(r"(?<!\d )(?<!\d)\bg\.\s*$")
_SHORT = re.compile(r"(?:^|\s)(?:[A-Za-zА-я]{1,2}|[b-df-hj-np-tv-zб-джзк-нп-тф-щ]{3,5})\.\s*$")
_LETTER = re.compile(r"[^\W\d_]")
_CARRIED = re.compile(r"\W*(?:\d{1,3}|[A-Za-z])[.)]\s*|\W*<(?:…|\.\.\.)>\s*")


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of prose that sentences do not leave.

    text: what the reader sees; offsets: raw offset of each of its code points, strictly increasing.
    protected: ranges of ``text`` that no edit may touch (inline code and the like).
    """

    text: str
    offsets: Sequence[int]
    protected: tuple[Span, ...] = ()


def segments(passages: Iterable[Passage], lang: str = "en", *, whole: bool = False) -> tuple[Segment, ...]:
    """Every sentence of the passages as a segment, numbered from 0, without white space at its ends.

    whole: each passage that holds a letter or digit is one segment, as translation units are, unless it is too long.
    """
    found: list[Segment] = []
    for passage in passages:
        protected = _protected(passage)
        for span in _whole(passage.text) if whole else sentence_spans(passage.text, lang):
            found.append(_segment(len(found), passage, span, protected))
    return tuple(found)


def sentence_spans(text: str, lang: str = "en") -> list[Span]:
    """Ranges of the sentences of one passage, in order, trimmed; nothing when it holds no letter or digit.

    lang: ``en`` or ``ru`` (ISO 639-1), which decides the abbreviations.
    """
    spans = [piece for start, end in pairwise(_cuts(text, lang)) for piece in _pieces(text, _trim(text, start, end))]
    return [span for span in spans if any(char.isalnum() for char in text[span.start : span.end])]


def _pieces(text: str, span: Span) -> Iterator[Span]:
    """The span, or the stretches of it that are short enough to be looked at, cut at white space where there is any."""
    start = span.start
    while span.end - start > _LONGEST:
        cut = max(text.rfind(" ", start + 1, start + _LONGEST), text.rfind("\n", start + 1, start + _LONGEST))
        cut = cut if cut > start else start + _LONGEST
        piece = _trim(text, start, cut)
        if piece.start < piece.end:
            yield piece
        start = cut
    yield _trim(text, start, span.end)


def _whole(text: str) -> list[Span]:
    spans = _pieces(text, _trim(text, 0, len(text)))
    return [span for span in spans if any(char.isalnum() for char in text[span.start : span.end])]


def _segment(seg_id: int, passage: Passage, span: Span, protected: tuple[Span, ...]) -> Segment:
    places = passage.offsets[span.start : span.end]
    gaps: tuple[Gap, ...] = ()
    if places[-1] - places[0] != len(places) - 1:
        steps = enumerate((right - left - 1 for left, right in pairwise(places)), 1)
        gaps = tuple(Gap(at, hidden) for at, hidden in steps if hidden)
    inside = tuple(
        Span(max(p.start, span.start) - span.start, min(p.end, span.end) - span.start)
        for p in protected
        if p.start < span.end and span.start < p.end
    )
    return Segment(seg_id, places[0], passage.text[span.start : span.end], gaps=gaps, protected=inside)


def _protected(passage: Passage) -> tuple[Span, ...]:
    """The passage's own protected ranges and its addresses, overlapping ones joined."""
    spans = sorted([*passage.protected, *(Span(*match.span()) for match in PROTECTED.finditer(passage.text))])
    joined: list[Span] = []
    for span in spans:
        if joined and span.start < joined[-1].end:
            joined[-1] = joined[-1].hull(span)
        else:
            joined.append(span)
    return tuple(joined)


def _trim(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    left = len(part) - len(part.lstrip())
    return Span(start + min(left, len(part)), max(start + min(left, len(part)), start + len(part.rstrip())))


def _cuts(text: str, lang: str) -> list[int]:
    """Where sentences begin, in order, from 0 to the length of the text."""
    candidates = {*_tokenizer(lang)(text), *_extra_cuts(text)} - {0, len(text)}
    brackets = [match.span() for match in _BRACKETED.finditer(text)]
    cuts = [0]
    for cut in sorted(candidates):
        bracket = _around(cut, brackets)
        if bracket and text[cuts[-1] : bracket[0]].strip():
            continue  # a bracket inside a sentence stays whole; one that holds sentences may be cut
        if not _is_false(text[max(cuts[-1], cut - 40) : cut], text[cut : cut + 120]):
            cuts.append(cut)
    return _without_fragments(text, [*cuts, len(text)])


@cache
def _tokenizer(lang: str) -> Callable[[str], list[int]]:
    """A function from a text to nupunkt's sentence starts; loading it takes a few hundredths of a second."""
    from nupunkt.models import load_default_model

    punkt = load_default_model()
    known = {"en": _ENGLISH_ABBREVIATIONS, "ru": _RUSSIAN_ABBREVIATIONS}[lang]
    punkt.add_abbreviations(known.split())

    def starts(text: str) -> list[int]:
        plain = _UNBROKEN.sub(lambda match: "x" * len(match[0]), text)
        return [start for start, _ in punkt.span_tokenize(plain)]

    return starts


def _extra_cuts(text: str) -> Iterable[int]:
    """Sentence starts that nupunkt does not see."""
    guarded = [match.span() for match in PROTECTED.finditer(text)]
    for match in _MISSING_SPACE.finditer(text):
        cut = match.end()
        if match["name"] and not match["opener"]:
            continue
        if not _TOP_LEVEL.match(text, cut) and not _around(cut, guarded):
            yield cut
    for pattern in (_INITIALS_THEN_OPENER, _RUSSIAN_THEN_OPENER, _QUOTE_THEN_OPENER, _OMISSION_THEN_OPENER):
        yield from (match.end() for match in pattern.finditer(text))


def _around(at: int, ranges: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The range that holds a position strictly inside, of ranges that are sorted and disjoint."""
    found = bisect_left(ranges, (at, 0)) - 1
    return ranges[found] if found >= 0 and at < ranges[found][1] else None


def _is_false(left: str, right: str) -> bool:
    """True when a sentence does not end between the two."""
    if _QUOTE_END.search(left[-8:]) and _DASH.match(right):
        return True  # “…” – said X.
    if right[:1] in ",;:":
        return True
    if _LOWER.match(right) and not right.startswith("<"):
        ended = left.rstrip()
        if not ended.endswith(".") or ended.endswith("..") or _FULL_QUOTE_END.search(left[-8:]):
            return True  # “Never!” he said; wait… then
        return bool(_SHORT.search(left[-12:]))
    if _EMPHATIC_QUOTE_END.search(left[-8:]) and _SPOKEN_OF.match(right):
        return True  # “Will you go?” Sergey Lavrov asked.
    if right[:1].isdigit():
        return bool(_NUMBER_ABBREVIATION.search(left[-12:]))
    if _AND_SO_ON.search(left[-12:]):
        return False
    return bool(_ADDRESS_ABBREVIATION.search(left[-12:]) or _CITY.search(left[-12:]))


def _without_fragments(text: str, cuts: list[int]) -> list[int]:
    """The cuts less those that leave a piece with no letter alone: “1.” joins what follows, the rest what precedes."""
    kept: list[int] = []
    carried = False  # the piece before belongs to this one
    for start, end in pairwise(cuts):
        numbered = end < len(text) and _CARRIED.fullmatch(text, start, end) is not None
        bare = numbered or _LETTER.search(text, start, end) is None
        if not carried and (not kept or numbered or not bare):
            kept.append(start)
        carried = bare and (numbered or carried or (len(kept) == 1 and kept[0] == start))
    return [*kept, len(text)]
