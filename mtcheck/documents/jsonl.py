"""JSON Lines: one field of the objects is checked, beside its original in another; every other byte stays."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from mtcheck.documents.columns import Columns
from mtcheck.documents.container import Changes, ContainerFormat, Unit
from mtcheck.documents.encoding import decode
from mtcheck.documents.table import parts
from mtcheck.documents.text_format import BOM
from mtcheck.documents.traced import Lines, Traced, spliced
from mtcheck.errors import EmptyError, InputError

_LINE = re.compile(r"([^\n]*)(?:\n|$)")
_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class _Value:
    """A value that is no object, and the raw range in which it is written."""

    value: Any
    start: int
    end: int


def _units(data: bytes, where: str, *, columns: Columns) -> list[Unit]:
    raw, _ = decode(data, where)
    lines = Lines(raw)
    return [traced.unit(raw, lines, source) for traced, source in _passages(raw, where, columns)]


def _rewrite(data: bytes, changes: Changes, *, columns: Columns) -> bytes:
    raw, encoding = decode(data, "")
    passages = _passages(raw, "", columns)
    edits = [
        (*passages[number][0].range(change), json.dumps(change.replacement, ensure_ascii=raw.isascii())[1:-1])
        for number, mine in changes.items()
        for change in mine
    ]
    return spliced(raw, edits).encode(encoding)


def _passages(raw: str, where: str, columns: Columns) -> list[tuple[Traced, str | None]]:
    """The texts of the target field, in order, each with the original beside it."""
    rows = list(_rows(raw, where))
    if not rows:
        raise EmptyError("is empty", where=where, repair="give one JSON object a line")
    target, source = columns.found(dict.fromkeys(name for _, row in rows for name in row), where)
    found: list[tuple[Traced, str | None]] = []
    for line, row in rows:
        text, original = (_text(row, name, f"{where}:{line}") for name in (target, source))
        if text:
            words = original.value.strip() if original else ""
            found += [(traced, words or None) for traced in parts(_traced(raw, text), words)]
    return found


def _text(row: dict[str, _Value], name: str, where: str) -> _Value | None:
    value = row.get(name)
    if value is None or value.value is None:
        return None
    if not isinstance(value.value, str):
        raise InputError(f"“{name}” is not text", where=where, repair="name another field in mtcheck.toml")
    return value


def _rows(raw: str, where: str) -> Iterator[tuple[int, dict[str, _Value]]]:
    """Line, from 1, and fields of each object. Raises InputError for a line that is none."""
    for number, match in enumerate(_LINE.finditer(raw, int(raw.startswith(BOM))), 1):
        line = match[1]
        if not line.strip():
            continue
        try:
            whole = json.loads(line)
        except (ValueError, RecursionError) as error:
            what = f"not a line of JSON ({getattr(error, 'msg', 'nested too deep')})"
            raise InputError(what, where=f"{where}:{number}", repair="give one JSON object a line") from error
        if not isinstance(whole, dict):
            raise InputError("not a JSON object", where=f"{where}:{number}", repair="give one JSON object a line")
        fields: dict[str, _Value] = {}
        _walk(raw, match.start(1) + line.index("{"), "", fields)
        yield number, fields


def _walk(raw: str, at: int, prefix: str, fields: dict[str, _Value]) -> int:
    """Note the fields of the valid object that begins at an offset, those of objects in it by their path.

    Returns where it ends.
    """
    at = _past(raw, at + 1)
    while raw[at] != "}":
        name, at = _DECODER.raw_decode(raw, at)
        start = _past(raw, _past(raw, at) + 1)
        if raw[start] == "{":
            at = _walk(raw, start, f"{prefix}{name}.", fields)
        else:
            value, at = _DECODER.raw_decode(raw, start)
            fields[prefix + name] = _Value(value, start, at)
        at = _past(raw, at)
        if raw[at] == ",":
            at = _past(raw, at + 1)
    return at + 1


def _past(raw: str, at: int) -> int:
    """Where white space ends that begins at an offset."""
    while raw[at] in " \t\r":
        at += 1
    return at


def _traced(raw: str, value: _Value) -> Traced:
    """The text of a string, its escapes resolved; half a surrogate pair, which is no character, reads as U+FFFD."""
    chars, places = [], []
    for match in _CHARACTER.finditer(raw, value.start + 1, value.end - 1):
        char = json.loads(f'"{match.group()}"') if match.group()[0] == "\\" else match.group()
        chars.append("\ufffd" if "\ud800" <= char <= "\udfff" else char)
        places.append(match.span())
    return Traced("".join(chars), [start for start, _ in places], [end for _, end in places])


def form(columns: Columns) -> ContainerFormat:
    """JSON Lines with these fields; a dot leads into an object: ``translation.en``."""
    name = f"jsonl?{columns.query}" if columns.query else "jsonl"
    made = partial(_units, columns=columns), partial(_rewrite, columns=columns)
    return ContainerFormat(name, (".jsonl", ".ndjson"), *made, in_folders=False)
