"""HTML: what a reader of the page sees is checked; tags, code, scripts and parts in other languages are never touched.

Changes are spliced into the page's own text, escaped, so nothing else of it is ever written anew.
"""

from __future__ import annotations

import html
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from mtcheck.documents.container import Change, Changes, ContainerFormat, Unit
from mtcheck.documents.encoding import decode
from mtcheck.documents.html_reader import Page
from mtcheck.documents.traced import Lines, Traced, spliced
from mtcheck.errors import InputError
from mtcheck.schema import Comment, Span

_OWN_REPORT = '<meta name="generator" content="mtcheck">'
_UNICODE = frozenset("utf-8 utf8 unicode-1-1-utf-8 utf-16 utf-16le utf-16be".split())


def units(data: bytes, where: str) -> list[Unit]:
    """Every passage of the page; none of a report of mtcheck, which quotes an article's faults beside it in a folder.

    Raises InputError for one that is not Unicode text, or declares that it is not.
    """
    raw, _ = decode(data, where)
    if _OWN_REPORT in raw:
        return []
    page, lines = Page(raw), Lines(raw)
    if page.charset not in ("", *_UNICODE) and not raw.isascii():
        raise InputError(
            f"declares the encoding {page.charset}, but is UTF-8",
            where=f"{where}:{page.charset_line}",
            repair="declare utf-8 there",
        )
    return [passage.unit(raw, lines) for passage, _ in page.passages]


def rewrite(data: bytes, changes: Changes) -> bytes:
    """The page with the changes made."""
    raw, encoding = decode(data, "")
    page, edits = Page(raw), []
    ascii_only = raw.isascii() and page.charset not in _UNICODE  # a browser would guess at anything else
    for number, mine in changes.items():
        traced, quoted = page.passages[number]
        for start, end, text in _edits(raw, traced, mine, quoted):
            safe = text.encode("ascii", "xmlcharrefreplace").decode() if ascii_only else text
            edits.append((start, end, safe))
    return spliced(raw, edits).encode(encoding)


def comments(data: bytes) -> Sequence[Comment]:
    """The page's remarks to mtcheck, each about a range of unit numbers."""
    if b"mtcheck" not in data.replace(b"\0", b""):
        return ()
    page = Page(decode(data, "")[0])
    starts = [passage.starts[0] for passage, _ in page.passages]
    found = [
        Comment(one.text, one.line, Span(bisect_left(starts, one.about.start), bisect_left(starts, one.about.end)))
        for one in page.remarks
    ]
    return sorted(found, key=lambda one: one.line)


def _edits(raw: str, traced: Traced, changes: Sequence[Change], quoted: bool) -> Iterator[tuple[int, int, str]]:
    """Raw range and escaped text of each change; quoted: in an attribute, where quotation marks end the value."""
    done = 0
    for change in changes:
        start, end = traced.range(change)
        text = _escaped(raw[start:end], change.replacement, quoted)
        loose = _loose(raw, traced, change.start, start, done)
        if loose < change.start:
            start, text = traced.starts[loose], html.escape(traced.text[loose : change.start], quote=quoted) + text
        yield start, end, text
        done = change.end


def _loose(raw: str, traced: Traced, at: int, follows: int, done: int) -> int:
    """Where a bare ``&`` or ``<`` begins that new text at a position could make an entity or a tag of; else ``at``.

    follows: the raw offset of the position; done: where the change before this one ends.
    """
    for start in range(at - 1, done - 1, -1):
        piece = raw[traced.starts[start] : traced.ends[start]]
        if traced.ends[start] != follows or not (piece.isalnum() or piece[:1] in ("#", "!", "/", "?", "&", "<")):
            break
        if piece[0] in "&<" and not piece.endswith(";"):
            return start
        follows = traced.starts[start]
    return at


def _escaped(replaced: str, text: str, quoted: bool) -> str:
    """The new text as it is written in the page, its characters spelled as in what it replaces."""
    spellings = {html.unescape(piece): piece for piece in _entities(replaced)}
    return "".join(spellings.get(char) or html.escape(char, quote=quoted) for char in text)


def _entities(raw: str) -> Iterator[str]:
    for part in raw.split("&")[1:]:
        name, end, _ = part.partition(";")
        if end and len(html.unescape(f"&{name};")) == 1:
            yield f"&{name};"


FORMAT = ContainerFormat("html", (".html", ".htm", ".xhtml"), units, rewrite, comments=comments)
