"""PO, the catalogues of gettext: each msgstr is checked against its msgid and changed in place.

GNU gettext manual, The Format of PO Files: https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html

What changed stands in a translator's comment, which every tool keeps. The flag ``fuzzy`` would say so too, but msgfmt
leaves fuzzy messages out: the program would fall back to Russian.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence

from mtcheck.documents.bilingual import AUTHOR, Pair, allowances, remark, units, usable
from mtcheck.documents.container import Change, Changes, ContainerFormat, Unit
from mtcheck.documents.encoding import decode_declared
from mtcheck.documents.po_reader import Entry, entries
from mtcheck.documents.traced import Lines, Traced, spliced
from mtcheck.errors import InputError
from mtcheck.schema import Comment

_CHARSET = re.compile(r"charset=([\w.:-]+)", re.IGNORECASE)
_HEADER_BYTES = 10_000
_FIELD = re.compile(r"^([\w-]+):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_SHORT_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]|[0-7]{1,2})")
_SPELT = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\t": r"\t", "\r": r"\r"}


def read(data: bytes, where: str) -> list[Unit]:
    """A unit for each translated message, for each of its plural forms. Raises InputError as :func:`_opened`."""
    raw, _, pairs = _opened(data, where)
    return units(pairs, raw, Lines(raw))


def rewrite(data: bytes, changes: Changes) -> bytes:
    """The catalogue with the changes made."""
    return _written(data, changes, marked=False)


def annotate(data: bytes, changes: Changes) -> bytes:
    """The catalogue with the changes made, and a comment of what was changed and why."""
    return _written(data, changes, marked=True)


def comments(data: bytes) -> Sequence[Comment]:
    """The remarks to mtcheck among translators' comments."""
    if b"mtcheck" not in data:
        return ()
    raw, _, pairs = _opened(data, "")
    return allowances([pair.home.comments for pair in pairs], Lines(raw))


def _opened(data: bytes, where: str) -> tuple[str, str, list[Pair[Entry]]]:
    """The raw text, its codec and the messages to work on.

    Raises InputError for what is not a catalogue, OtherLanguageError for one into another language.
    """
    raw, codec = decode_declared(data, _charset(data), where)
    return raw, codec, usable(_pairs(entries(raw, where)), Lines(raw), where)


def _charset(data: bytes) -> str:
    """The encoding that the header declares; no message can, or an edit might."""
    beginning = data[:_HEADER_BYTES].removeprefix(BOM_UTF8).decode("latin-1")
    try:
        found = entries(beginning if len(data) <= _HEADER_BYTES else beginning.rpartition("\n")[0], "")
    except InputError:  # which is told of the whole, when its encoding is known
        return "utf-8"
    declared = _CHARSET.search(_header(found).get("Content-Type", ""))
    return declared[1] if declared and declared[1] != "CHARSET" else "utf-8"


def _header(found: Sequence[Entry]) -> dict[str, str]:
    """The fields of the catalogue's header."""
    return dict(_FIELD.findall(next((entry.forms[0].text for entry in found if entry.is_header and entry.forms), "")))


def _pairs(found: Sequence[Entry]) -> Iterator[Pair[Entry]]:
    fields = _header(found)
    languages = fields.get("X-Source-Language", ""), fields.get("Language", "")
    for entry in found:
        if entry.is_header or entry.is_guess:
            continue
        for number, form in enumerate(entry.forms):
            source = entry.plural if number and entry.plural else entry.singular
            yield Pair(source, form, entry, *languages)


def _written(data: bytes, changes: Changes, *, marked: bool) -> bytes:
    raw, codec, pairs = _opened(data, "")
    edits: list[tuple[int, int, str]] = []
    for number, mine in sorted(changes.items()):
        pair = pairs[number]
        edits += _edits(raw, pair.target, mine)
        if marked:
            at, newline = pair.home.remarks_at, "\r\n" if "\r\n" in raw else "\n"
            noted = "".join(_remark(remark(pair.target.text, change), newline) for change in mine)
            edits.append((at, at, noted.encode(codec, "replace").decode(codec)))
    try:
        return spliced(raw, edits).encode(codec)
    except UnicodeEncodeError as error:
        what = f"the encoding {codec} has no “{error.object[error.start]}”"
        raise InputError(what, repair="convert the catalogue with msgconv -t UTF-8") from error


def _edits(raw: str, traced: Traced, changes: Sequence[Change]) -> Iterator[tuple[int, int, str]]:
    """Raw range and spelling of each change; an escape that what follows could lengthen is spelled in full."""
    done = 0
    for change in changes:
        start, end = traced.range(change)
        text, before = _spelt(change.replacement), change.start - 1
        if before >= done and _SHORT_ESCAPE.fullmatch(raw, traced.starts[before], start):
            start, text = traced.starts[before], f"\\{ord(traced.text[before]):03o}{text}"
        yield start, end, text
        done = change.end


def _remark(text: str, newline: str) -> str:
    lines = f"{AUTHOR}: {text}".splitlines()
    return "".join(f"# {line}{newline}" for line in lines)


def _spelt(text: str) -> str:
    """Text inside the quotation marks of a PO string."""
    return re.sub(r'[\\"\x00-\x1f\x7f]', lambda match: _SPELT.get(match[0], f"\\{ord(match[0]):03o}"), text)


FORMAT = ContainerFormat("po", (".po",), read, rewrite, annotate, comments, in_folders=False)
