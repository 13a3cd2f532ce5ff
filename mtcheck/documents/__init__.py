"""Articles in and out: one module per format, chosen by the file's ending.

``read`` checks that the input can be worked on at all, ``parse`` only segments, ``write`` gives
back the very bytes that were read with the edits made.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import PurePath
from typing import BinaryIO

from mtcheck.documents import docx, html, jsonl, markdown, po, sdlxliff, subtitles, table, text, tmx, xliff
from mtcheck.documents.columns import Columns
from mtcheck.documents.files import read_bytes, replace_file
from mtcheck.documents.language import other_language
from mtcheck.documents.text_format import Format
from mtcheck.errors import EmptyError, InputError, OtherLanguageError, SettingsError
from mtcheck.schema import Document, Edit, Revision
from mtcheck.settings import Settings

__all__ = [
    "FORMATS",
    "format_of",
    "parse",
    "read",
    "read_data",
    "read_text",
    "replace_file",
    "write",
    "write_annotated",
]

FORMATS: dict[str, Format] = {
    form.name: form
    for form in (
        text.FORMAT,
        markdown.FORMAT,
        html.FORMAT,
        docx.FORMAT,
        xliff.FORMAT,
        sdlxliff.FORMAT,
        tmx.FORMAT,
        po.FORMAT,
        subtitles.SRT,
        subtitles.VTT,
        table.form("csv", Columns()),
        table.form("tsv", Columns()),
        jsonl.form(Columns()),
    )
}
"""Every format by name."""

_WITH_COLUMNS: dict[str, Callable[[Columns], Format]] = {
    "csv": partial(table.form, "csv"),
    "tsv": partial(table.form, "tsv"),
    "jsonl": jsonl.form,
}
"""Formats whose columns may be named; their names then end in a query, ``csv?target=English``."""

_FOREIGN = (
    ".doc .docm .dotx .dotm .dot .odt .rtf .pdf .pages .epub .xml .json .yaml .yml "
    ".tbx .pot .tex .rst .adoc .xls .xlsx .ppt .pptx .zip .gz .png .jpg .jpeg "
    ".gif .mp3 .mp4"
).split()
"""Endings of files that would be damaged or misread as plain text."""


def read(path: str, *, stdin: BinaryIO | None = None, format_name: str | None = None, language: str = "en") -> Document:
    """The article at ``path``, or on standard input for ``-``, checked for everything that would spoil the work.

    format_name: a name in FORMATS; by default the file's ending decides, plain text for standard input.
    language: what the article must be in, ``en`` or ``ru``.
    Raises InputError (missing, unreadable, binary, badly encoded, empty, another language, unknown
    format) and SettingsError (no such format).
    """
    return read_data(_data(path, stdin), _label(path), format_name=format_name or format_of(path), language=language)


def read_data(data: bytes | str, doc_id: str, *, format_name: str | None = None, language: str = "en") -> Document:
    """The article in ``data`` with the checks of :func:`read`, which explains the parameters and errors."""
    document = parse(data, doc_id, format_name or format_of(doc_id))
    if not document.segments:
        fault = "holds no sentence to check" if document.text.strip("\ufeff \t\r\n") else "is empty"
        raise EmptyError(fault, where=document.doc_id, repair="give an article with text")
    _require(language, "\n".join(segment.hypothesis for segment in document.segments), document.doc_id)
    return document


def read_text(path: str, *, stdin: BinaryIO | None = None, language: str = "ru") -> str:
    """The whole text of a plain file in ``language`` (the Russian original), with the checks of ``read``."""
    return read(path, stdin=stdin, format_name="text", language=language).text.removeprefix("\ufeff")


def parse(data: bytes | str, doc_id: str, format_name: str = "text") -> Document:
    """The article in ``data``, segmented, with no check of its language.

    Raises InputError for bytes that are not Unicode text and SettingsError for an unknown format.
    """
    return _format(format_name).parse(data, doc_id)


def write(document: Document, edits: Iterable[Edit] = ()) -> bytes:
    """The document's bytes with the edits made; without edits, exactly the bytes that were read.

    Raises ValueError when two edits overlap, or one would swallow markup.
    """
    return _format(document.format).write(document, edits)


def write_annotated(document: Document, revisions: Sequence[Revision]) -> bytes | None:
    """The document's bytes with revisions shown as its format's own tools show changes, each with its comment.

    None for formats that have no such way. Raises ValueError as :func:`write`.
    """
    return _format(document.format).write_annotated(document, revisions)


def format_of(path: str, settings: Settings | None = None) -> str:
    """Name of the format that a file's ending stands for; plain text for an ending that says nothing.

    settings: which columns of a table to read, when the usual names do not say.
    Raises InputError for the ending of a file that is not text or has a structure of its own.
    """
    suffix = PurePath(path).suffix.lower()
    if suffix in _FOREIGN:
        raise InputError(f"cannot read {suffix} files", where=path, repair=f"save the article as {_supported()}")
    name = next((form.name for form in FORMATS.values() if suffix in form.suffixes), "text")
    columns = Columns(settings.target_column or "", settings.source_column or "") if settings else Columns()
    return f"{name}?{columns.query}" if columns.query and name in _WITH_COLUMNS else name


def _supported() -> str:
    return " or ".join(f"{form.name} ({', '.join(form.suffixes)})" for form in FORMATS.values())


def _format(name: str) -> Format:
    plain, _, columns = name.partition("?")
    if plain not in FORMATS:
        raise SettingsError(f"no such format: {name}", repair=f"use one of {', '.join(FORMATS)}")
    return _WITH_COLUMNS[plain](Columns.of(columns)) if columns else FORMATS[plain]


def _data(path: str, stdin: BinaryIO | None) -> bytes:
    return (stdin or sys.stdin.buffer).read() if path == "-" else read_bytes(path)


def _label(path: str) -> str:
    return "<stdin>" if path == "-" else path.replace(os.sep, "/")


def _require(language: str, prose: str, where: str) -> None:
    found = other_language(prose, language)
    if found:
        wanted = "an English translation" if language == "en" else "the Russian original"
        raise OtherLanguageError(f"looks like {found}", where=where, repair=f"give {wanted}")
