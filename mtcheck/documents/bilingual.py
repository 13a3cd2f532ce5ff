"""What the bilingual formats share: pairs of a source and its target, codes in running text, notes about changes.

Worked on are targets that are English and not empty. The source counts when it is Russian, the language that rules can
read; beside another source the target is checked as English alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Generic, TypeVar

from mtcheck.documents.container import Change, Changes, ContainerFormat, Unit
from mtcheck.documents.language import other_language
from mtcheck.documents.traced import Lines, Traced
from mtcheck.documents.xml_text import Element, Run, Splice, XmlText, read_xml
from mtcheck.errors import OtherLanguageError
from mtcheck.schema import Comment, Span

AUTHOR = "mtcheck"
"""Who signs notes."""
_TAG = re.compile(r"</?[A-Za-z][\w:-]*(?:\s[^<>]*)?/?>|<!--.*?-->", re.DOTALL)
_CODE = re.compile(
    r"%(?:\d+\$)?[-+#0]*(?:\d+|\*)?(?:\.\d+)?(?:hh?|ll?|[zjtLq])?[@diouxXeEfFgGcs](?![A-Za-z])"  # printf; no space flag
    r"|%\(\w+\)[-#0 +]*[\d.]*[a-z]|%\{[^{}]*\}|\$\{[^{}]*\}|\{[\w.:!,\[\]#-]*\}|%\d+(?!\d*\s*%)\b|&#?\w+;"
)
"""Placeholders of printf, Python, Qt, Ruby, JavaScript and ICU messages, and entities of HTML."""
_BRANCHES = re.compile(r"\{\s*\w+\s*,\s*(?:plural|select|selectordinal)\s*,")
"""An ICU message of several sentences, one of which a program chooses."""
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)

_ALLOWANCE = re.compile(r"\s*mtcheck\s*:\s*allow", re.IGNORECASE)

H = TypeVar("H")


class Standing(Enum):
    """How far the translation of a target has come, as its file says."""

    NEW = "not begun: a target that is its source has only been copied"
    OPEN = "translated"
    FINAL = "signed off: looked at, and never changed"


@dataclass(frozen=True, slots=True)
class Pair(Generic[H]):
    """A target and its source. languages: their codes, "" where the file does not say; home: its place in the file."""

    source: str
    target: Traced
    home: H
    source_language: str = ""
    target_language: str = ""
    standing: Standing = Standing.OPEN


@dataclass(frozen=True, slots=True)
class Home:
    """Where in an XML file a pair is.

    unit: holds source, target and notes; holder: says the state of the target; content: holds its text.
    """

    unit: Element
    holder: Element
    content: Element


@dataclass(frozen=True, slots=True)
class Changed:
    """A pair with the changes of its target, for those who write notes."""

    pair: Pair[Home]
    changes: Sequence[Change]

    @property
    def remarks(self) -> list[str]:
        """What to say of each change."""
        return [remark(self.pair.target.text, change) for change in self.changes]


def remark(text: str, change: Change) -> str:
    """What changed in a target, and why."""
    old = text[change.start : change.end]
    return f"“{old}” → “{change.replacement}”" + (f"\n{change.comment}" if change.comment else "")


def usable(pairs: Iterable[Pair[H]], lines: Lines, where: str) -> list[Pair[H]]:
    """The pairs to work on; codes in their text are hidden or protected, and sources that are not Russian are "".

    Raises OtherLanguageError when there are targets, and every one is said to be in another language than English.
    """
    written = [pair for pair in pairs if any(char.isalnum() for char in pair.target.text)]
    english = [pair for pair in written if pair.target_language[:2].lower() in ("", "en")]
    if written and not english:
        line, _ = lines.at(written[0].target.starts[0])
        what = f"translates into {_name(written[0].target_language)}, not into English"
        raise OtherLanguageError(what, where=f"{where}:{line}", repair="give a file whose target language is English")
    sources = "\n".join(pair.source for pair in english if not pair.source_language)
    guess = bool(_CYRILLIC.search(sources)) and other_language(sources, "ru") is None
    found = []
    for pair in english:
        copied = pair.standing is Standing.NEW and pair.target.text.strip() == pair.source.strip()
        russian = pair.source_language[:2].lower() == "ru" if pair.source_language else guess
        source = _TAG.sub("", pair.source).strip() if russian else ""
        target = _codes(pair.target, whole=pair.standing is Standing.FINAL)
        if target.text and not copied and not _BRANCHES.search(target.text):
            found.append(replace(pair, source=source, target=target))
    return found


def units(pairs: Iterable[Pair[H]], raw: str, lines: Lines) -> list[Unit]:
    """A unit for each pair."""
    return [pair.target.unit(raw, lines, pair.source or None) for pair in pairs]


def allowances(notes: Sequence[Sequence[tuple[str, int]]], lines: Lines) -> list[Comment]:
    """The remarks to mtcheck (``mtcheck: allow RULE``) among the notes of each unit; a note: its text and raw offset.

    Other notes, those among them that mtcheck wrote, are for people.
    """
    return [
        Comment(text.strip(), lines.at(offset)[0], Span(number, number + 1))
        for number, mine in enumerate(notes)
        for text, offset in mine
        if _ALLOWANCE.match(text)
    ]


def _codes(text: Traced, *, whole: bool) -> Traced:
    """Running text less its tags, placeholders protected; whole: all of it is."""
    hidden = {at for match in _TAG.finditer(text.text) for at in range(*match.span())}
    kept = [at for at in range(len(text.text)) if at not in hidden]
    places = {at: place for place, at in enumerate(kept)}
    shown = "".join(text.text[at] for at in kept)
    fixed = [[places[at] for at in range(span.start, span.end) if at in places] for span in text.protected]
    protected = [Span(found[0], found[-1] + 1) for found in fixed if found]
    protected += [Span(*match.span()) for match in _CODE.finditer(shown)]
    if whole:
        protected = [Span(0, len(shown))]
    return Traced(shown, [text.starts[at] for at in kept], [text.ends[at] for at in kept], tuple(sorted(protected)))


def _name(code: str) -> str:
    """The English name of a language."""
    from babel import Locale  # only an error needs it

    names = Locale("en").languages
    return names.get(code) or names.get(re.split("[-_]", code)[0].lower()) or f"“{code}”"


def xml_format(
    name: str,
    suffixes: tuple[str, ...],
    pairs: Callable[[XmlText], Iterable[Pair[Home]]],
    marks: Callable[[XmlText, Sequence[Changed]], Iterable[Splice]],
    *,
    in_folders: bool,
) -> ContainerFormat:
    """A bilingual format that is XML.

    pairs: every pair of a file, in order; marks: what is written, beside the new targets, to show what changed.
    """

    def opened(data: bytes, where: str) -> tuple[XmlText, list[Pair[Home]]]:
        xml = read_xml(data, where)
        return xml, usable(pairs(xml), xml.lines, xml.name)

    def read(data: bytes, where: str) -> list[Unit]:
        xml, found = opened(data, where)
        return units(found, xml.raw, xml.lines)

    def written(data: bytes, changes: Changes, *, marked: bool) -> bytes:
        xml, found = opened(data, "")
        changed = [Changed(found[number], changes[number]) for number in sorted(changes)]
        splices = [
            Splice(*one.pair.target.range(change), change.replacement) for one in changed for change in one.changes
        ]
        return xml.spliced([*splices, *marks(xml, changed)] if marked else splices)

    def rewrite(data: bytes, changes: Changes) -> bytes:
        return written(data, changes, marked=False)

    def annotate(data: bytes, changes: Changes) -> bytes:
        return written(data, changes, marked=True)

    def comments(data: bytes) -> list[Comment]:
        if b"mtcheck" not in data.replace(b"\0", b""):
            return []
        xml, found = opened(data, "")
        notes = [[(_note(note), note.start) for note in _notes(pair.home.unit)] for pair in found]
        return allowances(notes, xml.lines)

    return ContainerFormat(name, suffixes, read, rewrite, annotate, comments, in_folders)


def _notes(unit: Element) -> Iterator[Element]:
    return (child for child in unit.below() if child.name == "note")


def _note(note: Element) -> str:
    return "".join(child.text for child in note.children if isinstance(child, Run))
