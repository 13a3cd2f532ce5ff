"""The messages of a PO file, with the raw place of every code point of their translations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mtcheck.documents.traced import Lines, Traced
from mtcheck.errors import InputError

_LINE = re.compile(r"(?!\Z)([^\r\n]*)(?:\r\n|\r|\n|\Z)")
_STATEMENT = re.compile(
    r"[ \t]*(?:(?P<keyword>msgctxt|msgid_plural|msgid|msgstr)(?:\[(?P<form>\d+)\])?)?"
    r'[ \t]*(?P<string>"(?:[^"\\]|\\.)*")[ \t]*'
)
_ESCAPE = re.compile(r"\\(?:[0-7]{1,3}|x[0-9A-Fa-f]{1,2}|.)|[^\\]+")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A message. forms: its translation, or one for each plural form.

    comments: its translators' comments, each with its raw offset; remarks_at: where the next one would begin.
    is_guess: msgmerge took the translation from another message, which it quotes.
    """

    context: str
    singular: str
    plural: str
    forms: tuple[Traced, ...]
    comments: tuple[tuple[str, int], ...]
    remarks_at: int
    is_guess: bool

    @property
    def is_header(self) -> bool:
        """True for the message that describes the catalogue."""
        return not self.singular and not self.context


@dataclass(slots=True)
class _Growing:
    """An entry while its lines are read. strings: raw ranges within quotation marks, by keyword and number."""

    strings: dict[tuple[str, int], list[tuple[int, int]]] = field(default_factory=dict)
    comments: list[tuple[str, int]] = field(default_factory=list)
    remarks_at: int = -1
    fuzzy: bool = False
    quotes_another: bool = False

    @property
    def translated(self) -> bool:
        """True once a translation has begun: what comes next may be another message."""
        return any(keyword == "msgstr" for keyword, _ in self.strings)

    def note(self, line: str, start: int, end: int) -> None:
        """Take a comment line in."""
        if line[1:2] in ("", " ", "\t"):
            self.comments.append((line[1:].strip(), start))
            self.remarks_at = end
        elif self.remarks_at < 0:
            self.remarks_at = start
        self.fuzzy |= line.startswith("#,") and "fuzzy" in line
        self.quotes_another |= line.startswith("#|")


def entries(raw: str, where: str) -> list[Entry]:
    """The messages of a catalogue, obsolete ones left out. Raises InputError, with the line, for any other text."""
    found = [_Growing()]
    key = ("", 0)
    for match in _LINE.finditer(raw, int(raw.startswith("\ufeff"))):
        line, start = match[1].strip(), match.start()
        statement = _STATEMENT.fullmatch(match[1])
        if line.startswith("#~"):
            found.append(_Growing())
        elif line.startswith("#"):
            if found[-1].translated:
                found.append(_Growing())
            found[-1].note(line, start, match.end())
        elif statement:
            keyword = statement["keyword"]
            if keyword in ("msgctxt", "msgid") and found[-1].translated:
                found.append(_Growing())
            if found[-1].remarks_at < 0:
                found[-1].remarks_at = start
            key = (keyword, int(statement["form"] or 0)) if keyword else key
            found[-1].strings.setdefault(key, []).append(
                (start + statement.start("string") + 1, start + statement.end("string") - 1)
            )
        elif line:
            place = f"{where}:{Lines(raw).at(start)[0]}"
            raise InputError("no line of a gettext catalogue", where=place, repair="check the file with msgfmt -c")
    return [_entry(raw, growing) for growing in found if growing.translated]


def _entry(raw: str, growing: _Growing) -> Entry:
    def text(keyword: str) -> str:
        ranges = growing.strings.get((keyword, 0), ())
        return "".join(text for first, last in ranges for text, _, _ in _runs(raw, first, last))

    forms = sorted(key for key in growing.strings if key[0] == "msgstr")
    return Entry(
        text("msgctxt"),
        text("msgid"),
        text("msgid_plural"),
        tuple(_traced(raw, growing.strings[key]) for key in forms),
        tuple(growing.comments),
        growing.remarks_at,
        growing.fuzzy and growing.quotes_another,
    )


def _traced(raw: str, ranges: Sequence[tuple[int, int]]) -> Traced:
    """The text of the strings of one message. Where it goes on in the next line, both marks belong to what precedes.

    So lines that were only wrapped are no obstacle to an edit, and are kept by one that does not reach over the wrap.
    """
    texts, starts, ends = list[str](), list[int](), list[int]()
    for first, last in ranges:
        if ends and last > first:
            ends[-1] = first
        for text, start, end in _runs(raw, first, last):
            texts.append(text)
            starts += [start] if len(text) == 1 else range(start, end)
            ends += [end] if len(text) == 1 else range(start + 1, end + 1)
    return Traced("".join(texts), starts, ends)


def _runs(raw: str, first: int, last: int) -> Iterator[tuple[str, int, int]]:
    """The text of a string and where it stands: as it is, or a code point that an escape spells."""
    for match in _ESCAPE.finditer(raw, first, last):
        spelt = match.group()
        yield (_unescaped(spelt[1:]) if spelt[0] == "\\" else spelt), match.start(), match.end()


def _unescaped(code: str) -> str:
    """The code point that an escape stands for; bytes of unknown meaning (``\\321``) are U+FFFD."""
    if code[0] in "01234567" or len(code) > 1:
        number = int(code.lstrip("x"), 16 if code[0] == "x" else 8)
        return chr(number) if number < 128 else "\ufffd"
    return _ESCAPED.get(code, code)
