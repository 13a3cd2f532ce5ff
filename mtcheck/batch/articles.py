"""A corpus as a stream of articles, cut into shards: files in folders, lines of JSONL, rows of Parquet.

Only what is being worked on is in memory: a file is opened by whoever works on it, lines and rows come as they are
read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import Any

from mtcheck import documents
from mtcheck.batch.parts import require_pyarrow
from mtcheck.checking.files import collect
from mtcheck.documents.files import read_bytes
from mtcheck.errors import InputError
from mtcheck.settings import Settings

_LINES = (".jsonl", ".ndjson")
_ROWS = (".parquet",)
_LONGEST_LINE = 64 << 20
"""Bytes of a line of JSONL; a longer one is not held in memory but gives an error record."""
_LARGEST_SHARD = 8 << 20
"""Bytes of text after which a shard ends, however few articles it holds."""
_ROWS_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the fields that hold an article's text, its id and, where there is one, its original in Russian.

    Empty ones are what the settings of a table's file say, else ``text`` and ``source``.
    """

    text: str = ""
    id: str = "id"
    source: str = ""

    def in_table(self, settings: Settings) -> Columns:
        """Those of a table with these settings, none empty."""
        text, source = self.text or settings.target_column, self.source or settings.source_column
        return replace(self, text=text or "text", source=source or "source")


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a corpus.

    id: of the row, else ``FILE:LINE``; the path of a file. path: absolute, of a file; empty for a row.
    data: the text's bytes; those of a file once it is loaded. source: the original. error: why there is no text.
    """

    id: str
    settings: Settings
    path: str = ""
    data: bytes = b""
    source: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Shard:
    """Articles that follow one another, and the shard's number, from 0."""

    number: int
    articles: tuple[Article, ...]


def shards(articles: Iterable[Article], size: int) -> Iterator[Shard]:
    """The articles in order, ``size`` of them at a time, fewer where they are long."""
    number, held, weight = 0, list[Article](), 0
    for article in articles:
        held.append(article)
        weight += _weight(article)
        if len(held) == size or weight >= _LARGEST_SHARD:
            yield Shard(number, tuple(held))
            number, held, weight = number + 1, [], 0
    if held:
        yield Shard(number, tuple(held))


def read(
    inputs: Sequence[str], settings_of: Callable[[str], Settings], columns: Columns
) -> tuple[Iterator[Article], frozenset[str]]:
    """Every article of the inputs: the files of folders first, then lines and rows, each in order; what is passed over.

    A table's settings are those of its file. A line or row without a text, and a file that is not there, gives an
    article with its error. Raises InputError for a table that cannot be opened or lacks the column, before the first
    article, and for one that turns out to be damaged later.
    """
    files = [path for path in inputs if not _is_table(path)]
    tables = [path for path in inputs if _is_table(path)]
    for table in tables:
        next(_table(table, settings_of(table), columns), None)
    met = collect(files, settings_of) if files else []
    articles = chain(
        (Article(_id(one.path), settings_of(one.path), os.path.abspath(one.path)) for one in met if not one.skipped),
        *(_table(table, settings_of(table), columns) for table in tables),
    )
    return articles, frozenset(f"{_id(one.path)}: skipped, {one.skipped}" for one in met if one.skipped)


def load(shard: Shard) -> Shard:
    """The shard with the bytes of its files read, or the reason why they cannot be."""
    return replace(shard, articles=tuple(map(_loaded, shard.articles)))


def _loaded(article: Article) -> Article:
    if not article.path or article.error:
        return article
    try:
        documents.format_of(article.path)
        return replace(article, data=read_bytes(article.path))
    except InputError as error:
        return replace(article, error=error.what)


def _is_table(path: str) -> bool:
    return path.lower().endswith((*_LINES, *_ROWS)) and not os.path.isdir(path)


def _table(path: str, settings: Settings, columns: Columns) -> Iterator[Article]:
    read_table = _rows if path.lower().endswith(_ROWS) else _lines
    return read_table(path, settings, columns.in_table(settings))


def _lines(path: str, settings: Settings, columns: Columns) -> Iterator[Article]:
    try:
        with open(path, "rb") as file:
            for number in count(1):
                where = f"{path}:{number}"
                line = file.readline(_LONGEST_LINE)
                if not line:
                    return
                if len(line) == _LONGEST_LINE and not line.endswith(b"\n"):
                    while (rest := file.readline(_LONGEST_LINE)) and not rest.endswith(b"\n"):
                        pass
                    yield Article(_id(where), settings, error=f"the line is longer than {_LONGEST_LINE >> 20} MB")
                elif line.strip():
                    yield _of_line(line, where, settings, columns)
    except OSError as error:
        raise _unreadable(path, error) from error


def _of_line(line: bytes, where: str, settings: Settings, columns: Columns) -> Article:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return Article(_id(where), settings, error="the line is not JSON")
    if not isinstance(row, dict):
        return Article(_id(where), settings, error="the line is no JSON object")
    return _of_row(row, where, settings, columns)


def _rows(path: str, settings: Settings, columns: Columns) -> Iterator[Article]:
    arrow = require_pyarrow()
    from pyarrow import parquet

    try:
        with open(path, "rb") as raw, parquet.ParquetFile(raw) as file:
            names = file.schema_arrow.names
            texts = [one.name for one in file.schema_arrow if _holds_text(one.type)]
            if columns.text not in texts:
                what = f"has no {'text in its ' * (columns.text in names)}column “{columns.text}”"
                repair = (
                    f"name one of {', '.join(texts)} with --text" if texts else "give a table with a column of text"
                )
                raise InputError(what, where=path, repair=repair)
            wanted = [name for name in (columns.id, columns.text, columns.source) if name in names]
            number = count(1)
            for batch in file.iter_batches(_ROWS_AT_ONCE, columns=wanted):
                held = {name: _values(batch.column(name)) for name in wanted}
                for at in range(batch.num_rows):
                    row = {name: values[at] for name, values in held.items()}
                    yield _of_row(row, f"{path}:{next(number)}", settings, columns)
    except (OSError, arrow.ArrowException) as error:
        raise _unreadable(path, error) from error


def _holds_text(kind: Any) -> bool:
    import pyarrow.types

    inner = kind.value_type if pyarrow.types.is_dictionary(kind) else kind
    return str(inner).removeprefix("large_").removesuffix("_view") in ("string", "binary")


def _values(column: Any) -> list[Any]:
    """Python values of an Arrow array; texts as bytes, since nobody has yet looked whether they are UTF-8."""
    import pyarrow.types

    if pyarrow.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pyarrow.types.is_string(column.type) or pyarrow.types.is_large_string(column.type):
        column = column.cast("large_binary")
    return list(column.to_pylist())


def _of_row(row: Mapping[str, object], where: str, settings: Settings, columns: Columns) -> Article:
    name, text, source = (_field(row, column) for column in (columns.id, columns.text, columns.source))
    known = _id(where if name is None or isinstance(name, list | dict) else name)
    if not isinstance(text, str | bytes):
        fault = f"its “{columns.text}” is no text" if text is not None else f"it has no “{columns.text}” (see --text)"
        return Article(known, settings, error=fault)
    try:
        data = text.encode() if isinstance(text, str) else text
        original = source.decode() if isinstance(source, bytes) else source if isinstance(source, str) else ""
        original.encode()
    except UnicodeError:  # JSON may spell half of a surrogate pair
        return Article(known, settings, error="it is not Unicode text")
    return Article(known, settings, data=data, source=original)


def _field(row: Mapping[str, Any], name: str) -> object:
    """A field's value, or None; a dot in its name leads into an object."""
    if name in row or "." not in name:
        return row.get(name)
    outer, _, inner = name.partition(".")
    return _field(row[outer], inner) if isinstance(row.get(outer), dict) else None


def _id(name: object) -> str:
    """As text that any file can hold: what is no Unicode in a path is written out."""
    if isinstance(name, bytes):
        return name.decode(errors="backslashreplace")
    return str(name).encode(errors="backslashreplace").decode()


def _weight(article: Article) -> int:
    if not article.path:
        return len(article.data) + len(article.source)
    try:
        return os.path.getsize(article.path)
    except OSError:  # whoever reads it will say so
        return 0


def _unreadable(path: str, error: Exception) -> InputError:
    reason = (error.strerror if isinstance(error, OSError) else "") or " ".join(str(error).split())
    return InputError(f"cannot be read ({reason})", where=path, repair="check the file")
