"""Phrases of a table, found word by word: the shared reader of the rules that are mostly data.

A table is a TSV file of ``mtcheck/detectors/data``; lines that start with ``#`` tell its origin. Columns:

pattern
    Words separated by spaces. ``a|b`` is a choice, ``word?`` may be missing, ``<num>`` is a number,
    ``<the>`` a determiner or possessive, ``<Name>`` a capitalised word, ``<ed>`` a past form, ``<ing>`` an -ing form.
    ``<w>`` is any word. ``^`` in front: only at the start of a sentence; ``,`` at the end: only before a comma.
    Matching ignores case (except ``<Name>``) and never crosses punctuation.
better
    Wordings separated by `` | ``, best first; ``{2}`` is the second word of the pattern as it stands in the text,
    a missing optional word is empty. ``-`` when there is no ready wording.
not_before / not_after
    Words, separated by spaces, that make the phrase good English when they stand right before / right after it;
    ``.`` stands for the edge of a clause (punctuation or the end of the segment).
confidence
    Share of hits judged right when the phrase was read in machine translations.
message
    What is wrong, a plain clause.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from mtcheck.detectors.rule import Analysis, Flag, Word
from mtcheck.schema import Applicability

_DETERMINERS = frozenset("the a an this that these those his her its their our my your some any every each".split())
_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a pattern: the words it accepts, and whether it may be missing."""

    accepts: frozenset[str]
    optional: bool = False
    kinds: tuple[Callable[[Word], bool], ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", tuple(_KINDS[word] for word in sorted(self.accepts) if word[0] == "<"))

    def fits(self, word: Word) -> bool:
        """True when the word may stand here."""
        return word.lower in self.accepts or any(kind(word) for kind in self.kinds)


_KINDS: dict[str, Callable[[Word], bool]] = {
    "<w>": lambda word: bool(word.text),
    "<num>": lambda word: word.text[0].isdigit(),
    "<the>": lambda word: word.lower in _DETERMINERS,
    "<Name>": lambda word: word.text[0].isupper(),
    "<ed>": lambda word: word.lower.endswith("ed") and len(word.text) > 4,
    "<ing>": lambda word: word.lower.endswith("ing") and len(word.text) > 5,
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line of a table."""

    slots: tuple[Slot, ...]
    better: tuple[str, ...]
    not_before: frozenset[str]
    not_after: frozenset[str]
    confidence: float
    message: str
    opens: bool = False
    before_comma: bool = False


@dataclass(frozen=True, slots=True)
class PhraseTable:
    """The phrases of one file, by the words they may begin with."""

    phrases: tuple[Phrase, ...]
    by_first: dict[str, tuple[Phrase, ...]]


def table_lines(name: str) -> list[list[str]]:
    """Cells of each line of a table of ``mtcheck/detectors/data``, comments and empty lines left out."""
    text = resources.files("mtcheck.detectors").joinpath("data", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line.strip() and not line.startswith("#")]


@cache
def phrase_table(name: str) -> PhraseTable:
    """The table of a file, read once. Raises ValueError on a line that is not six columns."""
    phrases, by_first = [], defaultdict(list)
    for cells in table_lines(name):
        if len(cells) != _COLUMNS:
            raise ValueError(f"{name}: {len(cells)} columns, not {_COLUMNS}: {cells}")
        phrase = _phrase(cells)
        phrases.append(phrase)
        first = phrase.slots[0]
        if first.optional or any(word.startswith("<") for word in first.accepts):
            raise ValueError(f"{name}: a pattern must begin with plain words: {cells[0]}")
        for word in first.accepts:
            by_first[word].append(phrase)
    return PhraseTable(tuple(phrases), {word: tuple(found) for word, found in by_first.items()})


def _phrase(cells: list[str]) -> Phrase:
    pattern, better, not_before, not_after, confidence, message = cells
    parts = pattern.split(" ")
    words = [part for part in parts if part not in ("^", ",")]
    slots = tuple(Slot(frozenset(part.rstrip("?").split("|")), part.endswith("?")) for part in words)
    return Phrase(
        slots=slots,
        better=() if better == "-" else tuple(better.split(" | ")),
        not_before=frozenset(not_before.split()),
        not_after=frozenset(not_after.split()),
        confidence=float(confidence),
        message=message,
        opens=parts[0] == "^",
        before_comma=parts[-1] == ",",
    )


def find_phrases(analysis: Analysis, name: str) -> Iterator[Flag]:
    """Flag every phrase of the table; of two that overlap, the first and longer one."""
    table, words, done = phrase_table(name), analysis.words, 0
    for start in range(len(words)):
        if start < done:
            continue
        best: tuple[int, Phrase, list[str]] | None = None
        for phrase in table.by_first.get(words[start].lower, ()):
            match = _match(analysis, start, phrase)
            if match and (best is None or match[0] > best[0]):
                best = (match[0], phrase, match[1])
        if best:
            done, phrase, captured = best
            yield _flag(analysis, words[start].span.start, words[done - 1].span.end, phrase, captured)


def _flag(analysis: Analysis, start: int, end: int, phrase: Phrase, captured: list[str]) -> Flag:
    text = analysis.text[start:end]
    fixes = tuple(like(text, _fill(better, captured)) for better in phrase.better)
    return Flag(start, end, phrase.message, fixes, confidence=phrase.confidence, applicability=Applicability.REVIEW)


def _fill(better: str, captured: list[str]) -> str:
    return " ".join(better.format("", *captured).split())


def like(original: str, replacement: str) -> str:
    """The replacement in the case of the wording it replaces: all capitals, each word's, the first word's or none."""
    parts = original.replace("-", " ").split()
    if original.isupper() and len(original) > 1:
        return replacement.upper()
    if len(parts) > 1 and all(part[0].isupper() for part in parts):
        return " ".join(part[:1].upper() + part[1:] for part in replacement.split())
    if original[:1].isupper() and replacement:
        return replacement[0].upper() + replacement[1:]
    return replacement


def _match(analysis: Analysis, start: int, phrase: Phrase) -> tuple[int, list[str]] | None:
    """Index after the last word of the match, and the text of each slot; None when the phrase is not here."""
    words, at, captured = analysis.words, start, []
    for slot in phrase.slots:
        if at < len(words) and slot.fits(words[at]) and (at == start or adjoining(analysis, at - 1)):
            captured.append(words[at].text)
            at += 1
        elif slot.optional:
            captured.append("")
        else:
            return None
    before = _neighbour(analysis, start - 1, start - 1)
    if before in phrase.not_before or (phrase.opens and not _opens_sentence(analysis, start)):
        return None
    if phrase.before_comma and analysis.text[words[at - 1].span.end : words[at - 1].span.end + 1] != ",":
        return None
    if _neighbour(analysis, at, at - 1) in phrase.not_after:
        return None
    return at, captured


def adjoining(analysis: Analysis, index: int) -> bool:
    """True when only white space stands between a word and the next one."""
    words = analysis.words
    if not 0 <= index < len(words) - 1:
        return False
    return analysis.text[words[index].span.end : words[index + 1].span.start].isspace()


def _neighbour(analysis: Analysis, index: int, gap: int) -> str:
    return analysis.words[index].lower if 0 <= index < len(analysis.words) and adjoining(analysis, gap) else "."


def _opens_sentence(analysis: Analysis, index: int) -> bool:
    before = analysis.text[: analysis.words[index].span.start].rstrip(" “\"'‘«(")
    return not before or before[-1] in '.!?:…–—-”"'
