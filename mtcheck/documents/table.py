"""Tables, CSV and TSV: the cells of one column are checked, beside their originals in another; the rest stays.

Cells are found here and not by the standard library's ``csv``, which does not say where they stand. A quoted cell of a
TSV file ends on its line, because quotation marks mean nothing in many of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from mtcheck.documents import text as plain_text
from mtcheck.documents.columns import Columns
from mtcheck.documents.container import Changes, ContainerFormat, Unit
from mtcheck.documents.encoding import decode
from mtcheck.documents.text_format import BOM
from mtcheck.documents.traced import Lines, Traced, spliced
from mtcheck.errors import EmptyError, InputError

_DELIMITERS = ",;\t|"
_QUOTED = re.compile(r'"((?:[^"]|"")*+)"')
_QUOTED_ON_A_LINE = re.compile(r'"((?:[^"\r\n]|"")*+)"')
_NEWLINE = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class _Cell:
    """Raw range of a cell's content, quotation marks around it left out."""

    start: int
    end: int
    quoted: bool

    def traced(self, raw: str) -> Traced:
        """The content; a doubled quotation mark in a quoted cell is one."""
        pattern = r'""|.' if self.quoted else "."
        spans = [match.span() for match in re.compile(pattern, re.DOTALL).finditer(raw, self.start, self.end)]
        return Traced(
            "".join(raw[start] for start, _ in spans), [start for start, _ in spans], [end for _, end in spans]
        )


@dataclass(frozen=True, slots=True)
class _Table:
    """A file as read. passages: texts of the target column, each with its cell and the text of the source beside it."""

    raw: str
    encoding: str
    delimiter: str
    passages: tuple[tuple[Traced, _Cell, str | None], ...]


def form(name: str, columns: Columns) -> ContainerFormat:
    """The format ``csv`` or ``tsv`` with these columns."""
    read = partial(_read, columns=columns, tabs=name == "tsv")
    full = f"{name}?{columns.query}" if columns.query else name
    return ContainerFormat(full, (f".{name}",), partial(_units, read), partial(_rewrite, read), in_folders=False)


def _units(read: partial[_Table], data: bytes, where: str) -> list[Unit]:
    table = read(data, where)
    lines = Lines(table.raw)
    return [traced.unit(table.raw, lines, source) for traced, _, source in table.passages]


def _rewrite(read: partial[_Table], data: bytes, changes: Changes) -> bytes:
    table = read(data, "")
    edits: defaultdict[_Cell, list[tuple[int, int, str]]] = defaultdict(list)
    for number, mine in changes.items():
        traced, cell, _ = table.passages[number]
        for change in mine:
            text = change.replacement
            if table.delimiter == "\t":  # which has no way to write a line end or a tab that all readers know
                text = " ".join(re.split(r"[\t\r\n]+", text))
            edits[cell].append((*traced.range(change), text))
    return spliced(table.raw, (_written(table, cell, mine) for cell, mine in edits.items())).encode(table.encoding)


def _written(table: _Table, cell: _Cell, edits: list[tuple[int, int, str]]) -> tuple[int, int, str]:
    """The whole cell with its edits made, in quotation marks if it now needs them."""
    if cell.quoted:
        edits = [(start, end, text.replace('"', '""')) for start, end, text in edits]
    content = spliced(table.raw[: cell.end], edits)[cell.start :]
    if table.delimiter == "\t":
        misread = bool(_QUOTED_ON_A_LINE.fullmatch(content))
    else:
        misread = content.startswith('"') or table.delimiter in content or bool(_NEWLINE.search(content))
    if misread and not cell.quoted:
        content = '"' + content.replace('"', '""') + '"'
    return cell.start, cell.end, content


def _read(data: bytes, where: str, *, columns: Columns, tabs: bool) -> _Table:
    raw, encoding = decode(data, where)
    first = raw.removeprefix(BOM).lstrip("\r\n").splitlines()
    if not first:
        raise EmptyError("is empty", where=where, repair="begin with a line of column names")
    delimiter = "\t" if tabs else max(_DELIMITERS, key=first[0].count)
    rows = _rows(raw, delimiter, where)
    head_line, head = next(rows)
    names = [cell.traced(raw).text for cell in head]
    target, source = columns.found(names, f"{where}:{head_line}")
    places = names.index(target), names.index(source) if source else None
    passages: list[tuple[Traced, _Cell, str | None]] = []
    for line, row in rows:
        if len(row) != len(head):
            what = f"has {len(row)} columns, and the first line {len(head)}"
            raise InputError(
                what, where=f"{where}:{line}", repair="quote cells that hold the delimiter, or fill the row"
            )
        original = row[places[1]].traced(raw).text.strip() if places[1] is not None else ""
        passages += _passages(row[places[0]].traced(raw), row[places[0]], original)
    return _Table(raw, encoding, delimiter, tuple(passages))


def _passages(traced: Traced, cell: _Cell, original: str) -> Iterator[tuple[Traced, _Cell, str | None]]:
    for part in parts(traced, original):
        yield part, cell, original or None


def parts(traced: Traced, original: str) -> Iterator[Traced]:
    """A text whole when its original stands beside it, else its paragraphs; nothing without a letter or digit."""
    if not any(char.isalnum() for char in traced.text):
        return
    if original:
        yield traced
        return
    for passage in plain_text.passages(traced.text):
        starts, ends = ([of[at] for at in passage.offsets] for of in (traced.starts, traced.ends))
        yield Traced(passage.text, starts, ends)


def _rows(raw: str, delimiter: str, where: str) -> Iterator[tuple[int, list[_Cell]]]:
    """Line, from 1, and cells of each row that is not empty. Raises InputError for a quotation that has no end."""
    bare = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
    at, line, lines = int(raw.startswith(BOM)), 1, Lines(raw)
    while at < len(raw):
        line = lines.at(at)[0]
        row: list[_Cell] = []
        while True:
            cell, at = _cell(raw, at, delimiter, bare, f"{where}:{line}")
            row.append(cell)
            if raw[at : at + 1] != delimiter:
                break
            at += 1
        if len(row) > 1 or row[0].quoted or row[0].start < row[0].end:
            yield line, row
        newline = _NEWLINE.match(raw, at)
        at = newline.end() if newline else len(raw)


def _cell(raw: str, at: int, delimiter: str, bare: re.Pattern[str], where: str) -> tuple[_Cell, int]:
    """The cell at an offset, and where it ends, its quotation marks included."""
    found = (_QUOTED_ON_A_LINE if delimiter == "\t" else _QUOTED).match(raw, at)
    if found and (raw[found.end() : found.end() + 1] in ("", delimiter, "\r", "\n")):
        return _Cell(*found.span(1), quoted=True), found.end()
    if raw[at : at + 1] == '"' and delimiter != "\t":
        what = "goes on after a cell's closing quotation mark" if found else "has a quotation mark that is never closed"
        raise InputError(what, where=where, repair='double the quotation marks within a quoted cell: ""')
    plain = bare.match(raw, at)
    assert plain
    return _Cell(*plain.span(), quoted=False), plain.end()
