"""Facts that an edit must not change: an alternative that breaks one is shown, never chosen.

Numbers, names, addresses and markup hold for every edit. Negation, modality, degree, focus, pronouns, quotation
marks and symbols hold for what a machine proposes; a rule may mend those, since a person wrote its fix.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from typing import Any

from mtcheck.detectors.number_of_thousands import in_figures
from mtcheck.detectors.year_word import centuries
from mtcheck.schema import Segment, Span
from mtcheck.word_frequency import zipf

_WORD = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*")
_NUMBER = re.compile(r"\d+(?:[\s\u00a0\u202f.,:]\d+)*")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|\{[^{}\s]*\}|%[sd]|</?[A-Za-z][^<>]*>")
_QUOTES = re.compile(r"[\"“”„«»‘]")
_SYMBOLS = re.compile(r"[^\w\s.,:;!?…'’‘\"“”„«»()\[\]‐‑–—-]")
_OPENERS = re.compile(r"(?:^|[.!?…:]\s+|[.!?…:]?\s*[\"“„«(\[]\s*|\n\s*)$")
_CYRILLIC = re.compile(r"[а-яё]")
_COMMA_BEFORE_THOUSAND = re.compile(r"(?<=\d),(?=\d{1,2}[ \u00a0]thousand\b)")
_POSSESSIVE = re.compile(r"['’]s?$")
_LOOK_BACK = 20  # code points before a word that say whether it opens a sentence
FUNCTION_WORDS = frozenset(
    "the a an this that these those it he she they we i you in on at for to of by from with as there here if when while"
    " after before although though despite but and or so yet also however meanwhile according all some such both each"
    " every many most other another one its his her their our my your what who which where why how now then".split()
)
_GRAMMAR = FUNCTION_WORDS | frozenset(
    "am is are was were be been being do does did done have has had having will would shall should can could may might"
    " must not no nor me him them us himself herself itself themselves whose whom than because until since about into"
    " over under between during against through up down out off within without toward towards upon via per very too"
    " only just even still already more less much own going i.e e.g etc s t re ve ll d m".split()
)
_ACRONYMS = frozenset(["TV", "PM", "MP", "CEO", "PR", "IT"])  # common nouns, whatever their capitals
_NUMERALS = frozenset(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
    " nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion half"
    " third quarter dozen twice double first second".split()
)
_NEGATIONS = frozenset("not no never none nobody nothing neither nor without cannot nowhere hardly".split())
_MODALS = {
    "must": "must", "should": "should", "ought": "should", "may": "may", "might": "may", "can": "can",
    "cannot": "can", "could": "could", "will": "will", "won't": "will", "would": "would", "shall": "shall",
    "can't": "can", "couldn't": "could", "wouldn't": "would", "shouldn't": "should", "mustn't": "must",
}  # fmt: skip
_PRONOUNS = {
    form: lemma
    for lemma, forms in {
        "i": "i me my mine myself", "you": "you your yours", "he": "he him his himself", "she": "she her hers herself",
        "we": "we us our ours ourselves", "they": "they them their theirs themselves", "it": "it itself",
        "one": "one ones oneself",
    }.items()
    for form in forms.split()
}  # fmt: skip
_FOCUS = {
    "also": "also", "too": "also", "only": "only", "even": "even", "still": "still", "already": "already",
    "again": "again", "just": "only", "now": "now",
}  # fmt: skip
SIMILAR_NAME = 0.84  # Jaro-Winkler; Dzhabhat/Jabhat .89, Sergei/Sergey .93, Lavrov/Putin .0


class _Facts:
    """What a text says that an edit must keep, each found when first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def words(self) -> list[str]:
        return words_of(self.text)

    @cached_property
    def known(self) -> set[str]:
        return set(self.words)

    @cached_property
    def bases(self) -> Counter[str]:
        return Counter(word.removesuffix("'s") for word in self.words)

    @cached_property
    def capitalised(self) -> tuple[list[str], list[str]]:
        return capitalised(self.text)

    @cached_property
    def content(self) -> list[tuple[str, str]]:
        return _content_words(self.words)

    @cached_property
    def counts(self) -> dict[str, Counter[str]]:
        """What may neither go nor come, by guard: for any edit."""
        return {"number": Counter(_numbers(self.text, self.words)), "address": Counter(_ADDRESS.findall(self.text))}

    @cached_property
    def machine_counts(self) -> dict[str, Counter[str]]:
        """What may neither go nor come where a model proposes the edit."""
        return {
            "negation": Counter(_negations(self.words)),
            "modality": Counter(_MODALS[word] for word in self.words if word in _MODALS),
            "degree": Counter(_degrees(self.words)),
            "focus": Counter(_FOCUS[word] for word in self.words if word in _FOCUS),
            "pronoun": Counter(_PRONOUNS[word] for word in self.words if word in _PRONOUNS),
            "quotation": Counter(_QUOTES.findall(self.text)),
            "symbol": Counter(_SYMBOLS.findall(self.text)),
        }


_facts = lru_cache(maxsize=64)(_Facts)  # the original of a segment is held against each of its wordings in turn


def broken(segment: Segment, span: Span, replacement: str, *, machine: bool) -> tuple[str, ...]:
    """Names of the guards that the edit breaks, each with what broke it; () when it keeps every fact.

    machine: True when any part of the edit was proposed by a model rather than by a rule.
    """
    text = segment.hypothesis
    before, after = _facts(text), _facts(text[: span.start] + replacement + text[span.end :])
    verdicts = [
        touched_markup(segment, span),
        *_changed(before.counts, after.counts),
        _names(before, after, exact=machine),
        _unbalanced(before.text, after.text),
    ]
    if machine:
        verdicts += [
            *_changed(before.machine_counts, after.machine_counts),
            _variety(before.words, after.words),
            _unknown(before.known, after.words),
            _content(before.content, after.content),
        ]
    return tuple(verdict for verdict in verdicts if verdict)


def _changed(before: Mapping[str, Counter[str]], after: Mapping[str, Counter[str]]) -> list[str]:
    """A verdict for each guard whose counts differ."""
    pairs = ((guard, was, after[guard]) for guard, was in before.items())
    return [f"{guard}: {_lost_and_new(was - now, now - was)}" for guard, was, now in pairs if was != now]


def _lost_and_new(lost: Collection[str], new: Collection[str]) -> str:
    return "; ".join(f"{what} {', '.join(items)}" for what, items in (("lost", lost), ("new", new)) if items)


def touched_markup(segment: Segment, span: Span) -> str:
    """What an edit of the span would do to markup, code or addresses; empty when it leaves them alone."""
    if segment.crosses_markup(span):
        return "markup: would be swallowed"
    if any(span.overlaps(kept) and span.start != kept.end and span.end != kept.start for kept in segment.protected):
        return "markup: code or address"
    return ""


def _numbers(text: str, words: Sequence[str]) -> list[str]:
    """Digits with their separators made plain, centuries in either figures, number words without plural endings."""
    figures = in_figures(_COMMA_BEFORE_THOUSAND.sub(".", text))
    if figures != text:
        words = words_of(figures)
    digits = [str(century) for century in centuries(figures)]
    for number in _NUMBER.findall(figures):
        plain = re.sub(r"[\s\u00a0\u202f,](?=\d{3}(?!\d))", "", number)
        digits += re.split(r"[\s,:]+", re.sub(r",(?=\d{1,2}$)", ".", plain))
    singular = (word[:-1] if word.endswith("s") and word[:-1] in _NUMERALS else word for word in words)
    return digits + [part for word in singular for part in word.split("-") if part in _NUMERALS]


def _negations(words: Iterable[str]) -> list[str]:
    return ["not" for word in words if word in _NEGATIONS or word.endswith("n't")]


def _degrees(words: Iterable[str]) -> list[str]:
    """*More*, *less*, *most*, *least* and *-est* of words that have a comparative: a lower rate is not the lowest."""
    return [
        word
        for word in words
        if word in ("more", "less", "fewer", "most", "least")
        or (len(word) > 4 and word.endswith("est") and zipf(f"{word[:-2]}r") >= 3.0)
    ]


def capitalised(text: str) -> tuple[list[str], list[str]]:
    """Capitalised words inside sentences, and those that open one (where a capital proves nothing)."""
    inside: list[str] = []
    opening: list[str] = []
    for match in _WORD.finditer(text):
        if not any(map(str.isupper, match.group())):
            continue
        word = _POSSESSIVE.sub("", match.group())
        if word not in _ACRONYMS:
            opens = bool(_OPENERS.search(text, max(0, match.start() - _LOOK_BACK), match.start())) and not (
                word.isupper() and len(word) > 1
            )
            (opening if opens else inside).append(word)
    return inside, opening


def _names(before: _Facts, after: _Facts, *, exact: bool) -> str:
    """No name lost and none new; unless ``exact``, another spelling of one name is the same name."""
    inside, opening = before.capitalised
    inside_after, opening_after = after.capitalised
    lost = [name for name in inside if not _present(name, after.known, exact)]
    lost += [
        name
        for name in opening
        if name.lower() not in FUNCTION_WORDS and not _present(name, after.known, exact) and not _is_common(name)
    ]
    if exact:  # a name that stands twice must not lose one of its places
        fewer = before.bases - after.bases
        lost += sorted({name for name in inside if name not in lost and fewer[name.lower()]})
    new = [name for name in inside_after if not _present(name, before.known, exact)]
    new += [
        name for name in opening_after if name.lower() not in FUNCTION_WORDS and not _present(name, before.known, exact)
    ]
    return f"name: {_lost_and_new(lost, new)}" if lost or new else ""


def _present(name: str, words: set[str], exact: bool) -> bool:
    lower = name.lower().replace("’", "'")
    if not words.isdisjoint({lower, lower.rstrip("s"), f"{lower}s", f"{lower}'s"}):
        return True
    return not exact and len(lower) > 3 and any(_similar(lower, word) for word in words)


@cache
def _similar(left: str, right: str) -> bool:
    from rapidfuzz.distance import JaroWinkler

    close = JaroWinkler.similarity(left, right) >= SIMILAR_NAME
    shared = {part for part in left.split("-") if len(part) > 3} & set(right.split("-"))  # EN-Nusra, al-Nusra
    return close or bool(shared) or JaroWinkler.similarity(_plain(left), _plain(right)) >= SIMILAR_NAME


def _plain(name: str) -> str:
    """Spellings of one Cyrillic name brought together (dzh/j, kh/h, y/i, ks/x)."""
    for russian, plain in (("dzh", "j"), ("kh", "h"), ("iy", "i"), ("ij", "i"), ("y", "i"), ("ks", "x"), ("ph", "f")):
        name = name.replace(russian, plain)
    return name


def _is_common(word: str) -> bool:
    return zipf(word) >= 4.5


def _unbalanced(before: str, after: str) -> str:
    for left, right in ("()", "[]", "“”", "«»"):
        was, now = (abs(text.count(left) - text.count(right)) for text in (before, after))
        if now > was:
            return f"bracket: {left}{right} unbalanced"
    return ""


def _unknown(before: set[str], after: list[str]) -> str:
    new = sorted({word for word in after if word.isalpha() and word not in before and zipf(word) < 2.0})
    return f"unknown word: {', '.join(new)}" if new else ""


def _variety(before: list[str], after: list[str]) -> str:
    """British or American: which one is the house's choice, and that of a rule, not of a model."""
    lost, new = Counter(before) - Counter(after), Counter(after) - Counter(before)
    respelled = {_american(word) for word in lost} & {_american(word) for word in new}
    return f"spelling: another variety of {', '.join(sorted(respelled))}" if respelled else ""


@cache
def _american(word: str) -> str:
    from breame.spelling import BRITISH_ENGLISH_SPELLINGS

    return str(BRITISH_ENGLISH_SPELLINGS.get(word, word))


def content_change(before: Iterable[str], after: Iterable[str]) -> tuple[list[str], list[str]]:
    """Content words lost and new (lower case); inflections of one word count as the same word."""
    return _content_difference(_content_words(before), _content_words(after))


def _content_words(words: Iterable[str]) -> list[tuple[str, str]]:
    """The content words, each with its stem (Porter2, https://snowballstem.org/algorithms/english/stemmer.html)."""
    return [(word, _stem(word)) for word in words if _is_content(word)]


@cache
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


@cache
def _stemmer() -> Any:
    from snowballstemmer import stemmer

    return stemmer("english")


def _content_difference(
    before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]
) -> tuple[list[str], list[str]]:
    old, new = (Counter(stem for _, stem in words) for words in (before, after))
    return _first_words(before, old - new), _first_words(after, new - old)


def _first_words(words: Iterable[tuple[str, str]], stems: Counter[str]) -> list[str]:
    """As many words of each stem as the counter says, in order."""
    left = stems.copy()
    return [word for word, stem in words if left[stem] > 0 and not left.subtract([stem])] if stems else []


@lru_cache(maxsize=50_000)
def _is_content(word: str) -> bool:
    return word not in _GRAMMAR and (not any(map(str.isdigit, word)) or bool(_CYRILLIC.search(word)))


def _content(before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]) -> str:
    """A model may put one content word for another, but not drop or add one: that is how round trips lose meaning."""
    lost, new = _content_difference(before, after)
    if len(lost) > len(new):
        return f"content: lost {', '.join(lost)}"
    return f"content: new {', '.join(new)}" if len(new) > len(lost) else ""


def words_of(text: str) -> list[str]:
    """Lower-cased words of a text, typographic apostrophes made plain."""
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]
