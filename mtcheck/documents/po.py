"""PO, the catalogues of gettext: each msgstr is checked against its msgid and changed in place.

GNU gettext manual, The Format of PO Files: https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html

What changed stands in a translator's comment, which every tool keeps. The flag ``fuzzy`` would say so too, but msgfmt
leaves fuzzy messages out: the program would fall back to Russian.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mtcheck.documents.bilingual import AUTHOR, Pair, allowances, remark, units, usable
from mtcheck.documents.container import Changes, ContainerFormat, Unit
from mtcheck.documents.encoding import decode_declared
from mtcheck.documents.po_reader import Entry, entries
from mtcheck.documents.traced import Lines, spliced
from mtcheck.errors import InputError
from mtcheck.schema import Comment

_CHARSET = re.compile(rb"Content-Type:[^\"\\\n]*charset=([\w.:-]+)", re.IGNORECASE)
_FIELD = re.compile(r"^([\w-]+):[ \t]*(.*?)[ \t]*$", re.MULTILINE)
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
    charset = _CHARSET.search(data[:10_000])
    declared = charset[1].decode() if charset and charset[1] != b"CHARSET" else "utf-8"
    raw, codec = decode_declared(data, declared, where)
    return raw, codec, usable(_pairs(entries(raw, where)), Lines(raw), where)


def _pairs(found: Sequence[Entry]) -> Iterator[Pair[Entry]]:
    header = next((entry.forms[0].text for entry in found if entry.is_header and entry.forms), "")
    fields = dict(_FIELD.findall(header))
    languages = fields.get("X-Source-Language", ""), fields.get("Language", "")
    for entry in found:
        if entry.is_header or entry.is_guess:
            continue
        for number, form in enumerate(entry.forms):
            source = entry.plural if number and entry.plural else entry.singular
            yield Pair(source, form, entry, *languages)


def _written(data: bytes, changes: Changes, *, marked: bool) -> bytes:
    raw, codec, pairs = _opened(data, "")
    edits = []
    for number, mine in sorted(changes.items()):
        pair = pairs[number]
        edits += [(*pair.target.range(change), _spelt(change.replacement)) for change in mine]
        if marked:
            at, newline = pair.home.remarks_at, "\r\n" if "\r\n" in raw else "\n"
            noted = "".join(_remark(remark(pair.target.text, change), newline) for change in mine)
            edits.append((at, at, noted.encode(codec, "replace").decode(codec)))
    try:
        return spliced(raw, edits).encode(codec)
    except UnicodeEncodeError as error:
        what = f"the encoding {codec} has no “{error.object[error.start]}”"
        raise InputError(what, repair="convert the catalogue with msgconv -t UTF-8") from error


def _remark(text: str, newline: str) -> str:
    lines = f"{AUTHOR}: {text}".splitlines()
    return "".join(f"# {line}{newline}" for line in lines)


def _spelt(text: str) -> str:
    """Text inside the quotation marks of a PO string."""
    return re.sub(r'[\\"\x00-\x1f\x7f]', lambda match: _SPELT.get(match[0], f"\\{ord(match[0]):03o}"), text)


FORMAT = ContainerFormat("po", (".po",), read, rewrite, annotate, comments, in_folders=False)
